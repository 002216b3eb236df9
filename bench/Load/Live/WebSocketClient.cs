using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>
/// A WebSocket client (RFC 6455) that costs next to nothing: the mask of what it sends is zero, and what it receives is
/// looked at where it lies.
/// </summary>
internal abstract class WebSocketClient : LoopConnection
{
    private const byte Final = 0x80;
    private const byte Text = 1;
    private const byte Binary = 2;
    private const byte Close = 8;
    private const byte Ping = 9;
    private const byte Pong = 10;

    private readonly List<byte> _fragments = [];
    private bool _isUpgraded;

    /// <summary>Asks for the WebSocket; <see cref="OnOpened"/> follows.</summary>
    protected WebSocketClient(EpollLoop loop, Socket socket, LiveTally tally, string pathAndQuery)
        : base(loop, socket)
    {
        Tally = tally;
        Send(Encoding.ASCII.GetBytes(
            $"GET {pathAndQuery} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
    }

    /// <summary>Whether it watches now.</summary>
    public bool IsReady { get; protected set; }

    /// <summary>Where arrivals are counted.</summary>
    protected LiveTally Tally { get; }

    /// <summary>Says that it is still there, as its protocol wants it.</summary>
    public abstract void KeepAlive();

    /// <inheritdoc/>
    protected sealed override int Consume(ReadOnlySpan<byte> received)
    {
        var at = 0;
        if (!_isUpgraded)
        {
            var end = received.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return 0;
            }

            if (!received.StartsWith("HTTP/1.1 101 "u8))
            {
                throw new InvalidDataException(Encoding.ASCII.GetString(received[..received.IndexOf("\r\n"u8)]));
            }

            _isUpgraded = true;
            at = end + 4;
            OnOpened();
        }

        while (Ended is null && TryReadFrame(received[at..], out var first, out var payload, out var length))
        {
            at += length;
            Tally.Bytes += length;
            Take(first, payload);
        }

        return at;
    }

    /// <inheritdoc/>
    protected override void OnBatchRead()
    {
    }

    /// <summary>Sends one message.</summary>
    protected void SendMessage(ReadOnlySpan<byte> message, bool isText) => SendFrame(isText ? Text : Binary, message);

    /// <summary>The WebSocket is open.</summary>
    protected abstract void OnOpened();

    /// <summary>A whole message arrived.</summary>
    protected abstract void OnMessage(ReadOnlySpan<byte> message);

    private static bool TryReadFrame(
        ReadOnlySpan<byte> bytes, out byte first, out ReadOnlySpan<byte> payload, out int length)
    {
        first = 0;
        payload = default;
        length = 0;
        if (bytes.Length < 2)
        {
            return false;
        }

        first = bytes[0];
        var (header, size) = bytes[1] switch
        {
            126 when bytes.Length >= 4 => (4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])),
            127 when bytes.Length >= 10 => (10, checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]))),
            >= 126 => (bytes.Length, 1),
            var small => (2, (int)small),
        };
        length = header + size;
        if (bytes.Length < length)
        {
            return false;
        }

        payload = bytes[header..length];
        return true;
    }

    private void Take(byte first, ReadOnlySpan<byte> payload)
    {
        switch (first & 0x0F)
        {
            case Ping:
                SendFrame(Pong, payload);
                break;
            case Pong:
                break;
            case Close:
                End("the server closed the WebSocket");
                break;
            default:
                TakeData((first & Final) != 0, payload);
                break;
        }
    }

    private void TakeData(bool isFinal, ReadOnlySpan<byte> payload)
    {
        if (isFinal && _fragments.Count == 0)
        {
            OnMessage(payload);
            return;
        }

        _fragments.AddRange(payload);
        if (isFinal)
        {
            var whole = _fragments.ToArray();
            _fragments.Clear();
            OnMessage(whole);
        }
    }

    private void SendFrame(byte type, ReadOnlySpan<byte> payload)
    {
        const int Masked = 0x80;
        var frame = Loop.Scratch.AsSpan();
        frame[0] = (byte)(Final | type);
        var header = 2;
        if (payload.Length < 126)
        {
            frame[1] = (byte)(Masked | payload.Length);
        }
        else
        {
            frame[1] = Masked | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame[2..], checked((ushort)payload.Length));
            header = 4;
        }

        frame.Slice(header, 4).Clear();
        payload.CopyTo(frame[(header + 4)..]);
        Send(frame[..(header + 4 + payload.Length)]);
    }
}

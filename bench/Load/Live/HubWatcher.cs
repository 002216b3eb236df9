using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>Watches one request on a node: SignalR by hand, as JSON or MessagePack, without negotiation.</summary>
internal sealed class HubWatcher : WebSocketClient
{
    private const byte Separator = 0x1E;
    private const byte ThreeLetters = 0xA3;
    private const byte Float64 = 0xCB;

    private readonly string _requestId;
    private readonly string? _cursor;
    private readonly bool _packs;
    private bool _isGreeted;

    /// <summary>Connects; it is ready when the join is answered.</summary>
    public HubWatcher(
        EpollLoop loop, Socket socket, LiveTally tally, TrackedRequest request, bool packs, string? cursor = null)
        : base(loop, socket, tally, $"/hubs/tracking?access_token={Uri.EscapeDataString(request.TrackingToken)}")
    {
        (_requestId, _packs, _cursor) = (request.RequestId.ToString(), packs, cursor);
    }

    /// <summary>The answer to the join, kept when a cursor was given; JSON only.</summary>
    public string? Reply { get; private set; }

    /// <inheritdoc/>
    public override void KeepAlive()
    {
        if (_packs)
        {
            SendMessage([2, 0x91, 6], isText: false);
        }
        else
        {
            SendMessage("{\"type\":6}\u001e"u8, isText: true);
        }
    }

    /// <inheritdoc/>
    protected override void OnOpened() => SendMessage(
        Encoding.ASCII.GetBytes($$"""{"protocol":"{{(_packs ? "messagepack" : "json")}}","version":1}""" + (char)Separator), isText: true);

    /// <inheritdoc/>
    protected override void OnMessage(ReadOnlySpan<byte> message)
    {
        if (!_isGreeted)
        {
            var end = message.IndexOf(Separator);
            if (end < 0 || message[..end].IndexOf("error"u8) >= 0)
            {
                throw new InvalidDataException(Encoding.UTF8.GetString(message));
            }

            _isGreeted = true;
            Join();
            message = message[(end + 1)..];
        }

        if (message.Length > 0)
        {
            Read(message);
        }
    }

    private void Read(ReadOnlySpan<byte> message)
    {
        if (!IsReady && message.IndexOf("recovered"u8) >= 0)
        {
            IsReady = true;
            Reply = _cursor is null ? null : Encoding.UTF8.GetString(message[..Math.Max(message.IndexOf(Separator), 0)]);
            return;
        }

        if (_packs)
        {
            ReadPacked(message);
        }
        else
        {
            ReadJson(message);
        }
    }

    // Only live locations have a latitude here; one frame may hold many.
    private void ReadJson(ReadOnlySpan<byte> message)
    {
        var key = "\"lat\":"u8;
        for (var at = message.IndexOf(key); at >= 0; at = message.IndexOf(key))
        {
            message = message[(at + key.Length)..];
            if (!Utf8Parser.TryParse(message, out double latitude, out _))
            {
                throw new InvalidDataException("a latitude that is no number");
            }

            Tally.Arrive(latitude);
        }
    }

    private void ReadPacked(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> key = [ThreeLetters, .. "lat"u8];
        for (var at = message.IndexOf(key); at >= 0; at = message.IndexOf(key))
        {
            message = message[(at + key.Length)..];
            if (message[0] == Float64)
            {
                Tally.Arrive(BinaryPrimitives.ReadDoubleBigEndian(message[1..]));
            }
        }
    }

    private void Join()
    {
        if (!_packs)
        {
            var cursor = _cursor is null ? "null" : $"\"{_cursor}\"";
            SendMessage(
                Encoding.ASCII.GetBytes(
                    $$"""{"type":1,"invocationId":"1","target":"join:request","arguments":["{{_requestId}}",{{cursor}}]}""" + (char)Separator),
                isText: true);
            return;
        }

        // [1, {}, "1", "join:request", [requestId, nil], []] behind its length.
        byte[] body =
        [
            0x96, 0x01, 0x80, 0xA1, (byte)'1', 0xAC, .. "join:request"u8, 0x92, 0xD9, (byte)_requestId.Length,
            .. Encoding.ASCII.GetBytes(_requestId), 0xC0, 0x90,
        ];
        SendMessage([(byte)body.Length, .. body], isText: false);
    }
}

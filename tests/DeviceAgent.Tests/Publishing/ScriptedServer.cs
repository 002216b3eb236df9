using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

/// <summary>
/// An MQTT 5 server in a few lines that gives any answer: for publishers only, QoS 1, one client at a time. Publishes
/// are told by their position's sequence number.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ushort _receiveMaximum;
    private readonly Func<int, byte?> _answer;
    private readonly Task _running;

    /// <summary>Starts to listen.</summary>
    /// <param name="receiveMaximum">Told in CONNACK; answers are held back until so many publishes wait or none follows.</param>
    /// <param name="answer">Reason code for a sequence number; null: no answer.</param>
    public ScriptedServer(ushort receiveMaximum, Func<int, byte?> answer)
    {
        (_receiveMaximum, _answer) = (receiveMaximum, answer);
        _listener.Start();
        _running = RunAsync();
    }

    /// <summary>TCP port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Sequence numbers in the order they came, repeated ones included.</summary>
    public ConcurrentQueue<int> Received { get; } = new();

    /// <summary>Most publishes that waited for an answer at the same time.</summary>
    public int MostInFlight { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var held = new List<byte[]>();
        try
        {
            while (await ReadAsync(stream) is var (type, body))
            {
                if (type == 0x10)
                {
                    await stream.WriteAsync(new byte[]
                    {
                        0x20, 6, 0, 0, 3, 0x21, (byte)(_receiveMaximum >> 8), (byte)_receiveMaximum,
                    });
                }
                else if ((type & 0xF0) == 0x30)
                {
                    Hold(body, held);
                    MostInFlight = Math.Max(MostInFlight, held.Count);
                    if (held.Count >= _receiveMaximum || !stream.DataAvailable)
                    {
                        await stream.WriteAsync(held.SelectMany(b => b).ToArray());
                        held.Clear();
                    }
                }
            }
        }
        catch (IOException)
        {
            // The client is gone; the next may come.
        }
    }

    private void Hold(byte[] body, List<byte[]> held)
    {
        var topicEnd = 2 + BinaryPrimitives.ReadUInt16BigEndian(body);
        var payload = topicEnd + 3 + body[topicEnd + 2];
        var positions = new List<Position>();
        Assert.True(PositionCodec.TryDecode(body.AsSpan(payload), null, 1000, positions, out _));
        // A batch gets the worst answer of its positions, as from the real server.
        var worst = (byte?)0;
        foreach (var position in positions)
        {
            var number = (int)position.Sequence!.Value;
            Received.Enqueue(number);
            var code = _answer(number);
            worst = worst is null || code is null ? null : Math.Max(worst.Value, code.Value);
        }

        if (worst is not null)
        {
            held.Add([0x40, 3, body[topicEnd], body[topicEnd + 1], worst.Value]);
        }
    }

    private static async Task<(int Type, byte[] Body)?> ReadAsync(NetworkStream stream)
    {
        var one = new byte[1];
        if (await stream.ReadAsync(one) == 0)
        {
            return null;
        }

        var type = one[0];
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            await stream.ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80)
            {
                break;
            }
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (type, body);
    }
}

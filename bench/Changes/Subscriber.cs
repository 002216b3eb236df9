using System.Buffers.Text;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace ArtMqtt.WebGateway.Bench;

/// <summary>A client of row changes with some channels; tells of each change how long it took.</summary>
internal sealed class Subscriber(Uri address, Arrivals arrivals) : IDisposable
{
    private static readonly byte[] _change = Encoding.ASCII.GetBytes("\"postgres_changes\",{\"ids\"");
    private static readonly byte[] _note = Encoding.ASCII.GetBytes("\"note\":\"");
    private static readonly byte[] _subscribed = Encoding.ASCII.GetBytes("Subscribed to PostgreSQL");

    private readonly ClientWebSocket _socket = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Connects and joins one channel for each filter; an empty one is for all rows.</summary>
    public async Task StartAsync(IReadOnlyList<string> filters, CancellationToken token)
    {
        _waiting = filters.Count;
        await _socket.ConnectAsync(address, token);
        _ = ReadAsync(token);
        for (var i = 0; i < filters.Count; i++)
        {
            var filter = filters[i].Length > 0 ? $",\"filter\":\"{filters[i]}\"" : "";
            var join = $$$"""
                ["{{{i}}}","{{{i}}}","realtime:{{{i}}}","phx_join",{"config":{"postgres_changes":[
                {"event":"UPDATE","schema":"public","table":"service_requests"{{{filter}}}}]}}]
                """;
            await _socket.SendAsync(Encoding.UTF8.GetBytes(join), WebSocketMessageType.Text, endOfMessage: true, token);
        }

        await _ready.Task.WaitAsync(token);
    }

    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
    }

    private async Task ReadAsync(CancellationToken token)
    {
        var buffer = new byte[8 * 1024];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(buffer.AsMemory(length), token);
                    length += received.Count;
                }
                while (!received.EndOfMessage);

                if (received.MessageType == WebSocketMessageType.Close)
                {
                    throw new WebSocketException($"closed: {_socket.CloseStatusDescription}");
                }

                Take(buffer.AsSpan(0, length));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            _ready.TrySetException(e);
            arrivals.Broken(e);
        }
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        if (message.IndexOf(_change) >= 0)
        {
            var now = Stopwatch.GetTimestamp();
            var note = message[(message.IndexOf(_note) + _note.Length)..];
            if (Utf8Parser.TryParse(note, out long sent, out _))
            {
                arrivals.Add(now - sent);
            }
        }
        else if (message.IndexOf(_subscribed) >= 0 && Interlocked.Decrement(ref _waiting) == 0)
        {
            _ready.SetResult();
        }
    }
}

using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>
/// What waits to be sent to one connection, bounded in bytes. Who puts something in never waits; a client that does not
/// read loses the connection, and with it everything that waited, so that it knows it has to read again.
/// </summary>
internal sealed class RealtimeOutbox(WebSocket socket, int maxPendingBytes, TimeProvider time, Action overflowed)
    : IDisposable
{
    /// <summary>Close code of a connection that did not read.</summary>
    public const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    // What a queued message costs beside its bytes.
    private const int Overhead = 128;

    // To say goodbye to a client that reads after all.
    private static readonly TimeSpan _longestClose = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<Frame> _line = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, time);
    private long _pendingBytes;
    private (WebSocketCloseStatus Status, string Reason)? _end;

    /// <summary>Puts a message in.</summary>
    public void Offer(Frame frame)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return;
            }

            _pendingBytes += frame.Length + Overhead;
            if (_pendingBytes <= maxPendingBytes)
            {
                _line.Enqueue(frame);
                _signal.Writer.TryWrite(true);
                return;
            }

            _line.Clear();
            End(TryAgainLater, "Too much was waiting for this connection: join again and read what you need.");
        }

        overflowed();
    }

    /// <summary>Closes the connection when what waits is sent.</summary>
    public void Close(WebSocketCloseStatus status, string reason)
    {
        lock (_gate)
        {
            if (_end is null)
            {
                End(status, reason);
            }
        }
    }

    /// <summary>Sends until it is closed or the connection breaks.</summary>
    public async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await _signal.Reader.ReadAsync(_abort.Token);
                while (TryTake(out var frame))
                {
                    await SendAsync(frame);
                }

                if (_end is { } end)
                {
                    await socket.CloseOutputAsync(end.Status, end.Reason, _abort.Token);
                    return;
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException
            or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone, or did not read to the end: a half sent message cannot be continued.
            socket.Abort();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _abort.Dispose();
        }
    }

    // The time is for both: sending the rest, and the client's own goodbye.
    private void End(WebSocketCloseStatus status, string reason)
    {
        _end = (status, reason);
        _abort.CancelAfter(_longestClose);
        _abort.Token.Register(socket.Abort);
        _signal.Writer.TryWrite(true);
    }

    private bool TryTake(out Frame frame)
    {
        lock (_gate)
        {
            if (!_line.TryDequeue(out frame))
            {
                return false;
            }

            _pendingBytes -= frame.Length + Overhead;
            return true;
        }
    }

    private async Task SendAsync(Frame frame)
    {
        if (frame.Length == frame.Head.Length)
        {
            await socket.SendAsync(frame.Head, frame.Type, endOfMessage: true, _abort.Token);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(frame.Length);
        try
        {
            frame.CopyTo(buffer);
            await socket.SendAsync(buffer.AsMemory(0, frame.Length), frame.Type, endOfMessage: true, _abort.Token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

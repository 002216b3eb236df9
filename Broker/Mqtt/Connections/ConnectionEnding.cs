using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// Ends a connection: the last packet, then what the client still sends is thrown away for a moment, so that it can read
/// why; then the end, and an abort when the client does not take its last bytes.
/// </summary>
internal sealed class ConnectionEnding(ConnectionContext connection, Outbox outbox)
{
    private static readonly TimeSpan _discardTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _lingerTime = TimeSpan.FromSeconds(5);

    // How long the network gets is not a matter of the broker's clock.
    private static readonly TimeProvider _time = TimeProvider.System;

    private int _isBegun;
    private bool _hasLastPacket;

    /// <summary>Whether it was begun.</summary>
    public bool IsBegun => Volatile.Read(ref _isBegun) != 0;

    /// <summary>Begins, once, and returns without waiting for the client.</summary>
    /// <param name="last">Last packet, or null.</param>
    /// <returns>False when it was begun before; the first reason counts.</returns>
    public bool TryBegin(byte[]? last)
    {
        if (Interlocked.Exchange(ref _isBegun, 1) != 0)
        {
            return false;
        }

        _hasLastPacket = last is not null;
        outbox.Complete(last);
        return true;
    }

    /// <summary>The client or the network ended it, or we did: waits until the client has its last bytes, or cannot.</summary>
    /// <param name="answers">Answers on their way; a client that does not take them cannot hold the connection.</param>
    public async Task FinishAsync(Task answers)
    {
        // Kestrel sends what is written before it closes, and would wait for ever for a client that does not read.
        var linger = _time.CreateTimer(
            _ => connection.Abort(new ConnectionAbortedException("The client does not read its last bytes.")), null,
            _lingerTime, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.Register(linger.Dispose);
        await answers;
        TryBegin(null);
        await outbox.WhenWrittenAsync();
        if (_hasLastPacket)
        {
            await DiscardAsync(connection.Transport.Input);
        }
    }

    // A socket that is closed with unread bytes resets the connection, and the client never sees the last packet.
    private static async Task DiscardAsync(PipeReader input)
    {
        using var limit = new CancellationTokenSource(_discardTime, _time);
        try
        {
            while (await input.ReadAsync(limit.Token) is { IsCompleted: false } read)
            {
                input.AdvanceTo(read.Buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It had its time, or has gone.
        }
    }
}

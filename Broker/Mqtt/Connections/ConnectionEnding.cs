using Microsoft.AspNetCore.Connections;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// Ends a connection from our side: the last packet, then no more input, and an abort when the client does not take its
/// last bytes.
/// </summary>
internal sealed class ConnectionEnding(ConnectionContext connection, Outbox outbox, TimeProvider time)
{
    private static readonly TimeSpan _lingerTimeout = TimeSpan.FromSeconds(5);

    private int _isBegun;

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

        outbox.Complete(last);
        return true;
    }

    /// <summary>The client or the network ended it, or we did: waits until the client has its last bytes, or cannot.</summary>
    /// <param name="answers">Answers on their way; a client that does not take them cannot hold the connection.</param>
    public async Task FinishAsync(Task answers)
    {
        // Kestrel sends what is written before it closes, and would wait for ever for a client that does not read.
        var linger = time.CreateTimer(
            _ => connection.Abort(new ConnectionAbortedException("The client does not read its last bytes.")), null,
            _lingerTimeout, Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.Register(linger.Dispose);
        await answers;
        TryBegin(null);
        await outbox.WhenWrittenAsync();
    }
}

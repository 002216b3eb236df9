using Microsoft.AspNetCore.Connections;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Ends a connection from our side: DISCONNECT with a reason, then no more input, and an abort when the client does not
/// take its last bytes.
/// </summary>
internal sealed class Goodbye(
    IMqttChannelAdapter adapter, ConnectionContext connection, MqttConnectionGuard guard, TimeProvider time)
{
    private static readonly TimeSpan _sendTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _lingerTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private volatile bool _isBegun;

    /// <summary>Whether it was begun, or is no longer needed.</summary>
    public bool IsBegun => _isBegun;

    /// <summary>Completes when the connection's input is ended; at once when it was not begun.</summary>
    public Task Said { get; private set; } = Task.CompletedTask;

    /// <summary>Begins, once, and returns without waiting for the client.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="sendsPacket">Whether the client understands a DISCONNECT from us.</param>
    /// <returns>False when it was begun before.</returns>
    public bool TryBegin(MqttDisconnectReasonCode reason, bool sendsPacket)
    {
        lock (_gate)
        {
            if (_isBegun)
            {
                return false;
            }

            _isBegun = true;
            Said = SayAsync(reason, sendsPacket);
            return true;
        }
    }

    /// <summary>The connection has ended: waits for what is still being done, and lets no goodbye begin any more.</summary>
    /// <param name="remaining">Answers on their way; a client that does not take them cannot hold the connection.</param>
    public async Task FinishAsync(Task remaining)
    {
        lock (_gate)
        {
            _isBegun = true;
        }

        if (!remaining.IsCompleted)
        {
            AbortLater("Ended");
        }

        await remaining;
        await Said;
    }

    private async Task SayAsync(MqttDisconnectReasonCode reason, bool sendsPacket)
    {
        // Another client may have asked for this (take-over), and must not wait for a stalled one.
        await Task.Yield();
        if (sendsPacket)
        {
            using var timeout = new CancellationTokenSource(_sendTimeout, time);
            try
            {
                await adapter.SendPacketAsync(new MqttDisconnectPacket { ReasonCode = reason }, timeout.Token);
            }
            catch (Exception e) when (
                e is IOException or InvalidOperationException or OperationCanceledException or MqttCommunicationException)
            {
                // Gone, or not reading: then it learns no reason.
            }
        }

        guard.End();
        AbortLater(reason.ToString());
    }

    private void AbortLater(string reason)
    {
        var linger = time.CreateTimer(
            _ => connection.Abort(new ConnectionAbortedException(reason)), null, _lingerTimeout,
            Timeout.InfiniteTimeSpan);
        connection.ConnectionClosed.Register(linger.Dispose);
    }
}

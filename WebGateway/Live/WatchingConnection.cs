using ArtMqtt.Live;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Live.Wire;
using Microsoft.AspNetCore.SignalR;

namespace ArtMqtt.WebGateway.Live;

/// <summary>
/// One browser: its watches and the task that sends what its <see cref="Outbox"/> holds, one frame in a tick. When the
/// browser does not read, only this task waits; newer places replace older ones meanwhile.
/// </summary>
internal sealed partial class WatchingConnection : IAsyncDisposable
{
    private readonly Dictionary<Guid, Watch> _watches = [];
    private readonly Outbox _outbox;
    private readonly HubConnectionContext _client;
    private readonly HubFrame _frame;
    private readonly ILiveStreams _streams;
    private readonly CatchUp _catchUp;
    private readonly LiveFeedOptions _options;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly List<NumberedEvent> _pending = [];
    private readonly Task _pump;

    public WatchingConnection(
        HubConnectionContext client, EncodedEvents encoded, ILiveStreams streams, CatchUp catchUp, LiveFeedOptions options,
        GatewayMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_client, _streams, _catchUp) = (client, streams, catchUp);
        (_options, _metrics, _time, _logger) = (options, metrics, time, logger);
        _frame = new HubFrame(client.Protocol, encoded);
        _outbox = new Outbox(options.MaxPendingStatus, metrics, Overflow, client.Abort);
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>Requests that are watched; may be asked from anywhere.</summary>
    public int Watches => _watches.Count;

    /// <summary>Starts (or starts again) watching a request whose stream is seeded.</summary>
    /// <returns>The reply, or null when the stream was evicted again before it could be watched.</returns>
    public async Task<JoinReply?> JoinAsync(Guid requestId, Cursor? since, CancellationToken cancellationToken)
    {
        await LeaveAsync(requestId, cancellationToken);
        if (_watches.Count >= _options.MaxWatches)
        {
            throw HubErrors.Create(
                ErrorCodes.TooManyWatches, $"One connection watches at most {_options.MaxWatches} requests.");
        }

        var watch = new Watch(requestId, _outbox);
        var subscription = await _streams.SubscribeAsync(requestId, since, watch, cancellationToken);
        if (subscription.Snapshot.Status is null)
        {
            subscription.Dispose();
            _outbox.End(watch);
            return null;
        }

        watch.Subscription = subscription;
        watch.Status = subscription.Snapshot.Status.Status;
        _watches.Add(requestId, watch);
        _metrics.WatchesChanged(+1);
        var missed = await _catchUp.FindAsync(requestId, since, subscription, cancellationToken);
        return JoinReply.Of(subscription, missed, () => _outbox.Open(watch));
    }

    /// <summary>Stops watching; after it none of the request's events is sent. Without effect when it was not watched.</summary>
    public async Task LeaveAsync(Guid requestId, CancellationToken cancellationToken)
    {
        if (_watches.Remove(requestId, out var watch))
        {
            End(watch);
            // The frame that is being sent right now must be out before the caller is answered.
            await _sending.WaitAsync(cancellationToken);
            _sending.Release();
        }
    }

    /// <summary>Ends all watches and the sending.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var watch in _watches.Values)
        {
            End(watch);
        }

        _watches.Clear();
        await _ended.CancelAsync();
        await _pump;
        _ended.Dispose();
        _sending.Dispose();
    }

    private void End(Watch watch)
    {
        watch.Subscription!.Dispose();
        _outbox.End(watch);
        _metrics.WatchesChanged(-1);
    }

    // At once when nothing was sent for a while, then at most once per interval.
    private async Task PumpAsync()
    {
        try
        {
            var sentAt = long.MinValue;
            while (await _outbox.WaitAsync(_ended.Token))
            {
                // Most events come alone: a timer for each of them would cost more than the sending.
                if (sentAt != long.MinValue && _options.FlushInterval - _time.GetElapsedTime(sentAt) is { Ticks: > 0 } left)
                {
                    await Task.Delay(left, _time, _ended.Token);
                }

                while (await SendFrameAsync())
                {
                }

                sentAt = _time.GetTimestamp();
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // The connection is gone.
        }
        catch (Exception e)
        {
            // Without its pump a connection is mute: close it, the browser comes back and resyncs.
            LogPumpFailed(e);
            _client.Abort();
        }
    }

    // Whether more may wait than went into the frame.
    private async Task<bool> SendFrameAsync()
    {
        // Taken and written in one turn, so that nothing of a watch is on its way when its end is answered.
        await _sending.WaitAsync(_ended.Token);
        try
        {
            while (!_frame.IsFull && _outbox.TakeNext(_pending) is { } watch)
            {
                foreach (var numbered in _pending)
                {
                    _frame.Add(watch.RequestId, numbered);
                    _metrics.Sent(numbered.Event.Name);
                }

                _pending.Clear();
            }

            if (_frame.IsEmpty)
            {
                return false;
            }

            var isFull = _frame.IsFull;
            var started = _time.GetTimestamp();
            await _client.WriteAsync(_frame.Take(), _ended.Token);
            _metrics.FrameSent(_time.GetElapsedTime(started));
            return isFull;
        }
        finally
        {
            _sending.Release();
        }
    }

    private void Overflow()
    {
        LogOverflow(_options.MaxPendingStatus);
        _client.Abort();
    }

    [LoggerMessage(LogLevel.Error, "Sending to a connection failed; it is closed")]
    private partial void LogPumpFailed(Exception exception);

    [LoggerMessage(LogLevel.Warning, "A connection had {Count} status events waiting and did not read; it is closed")]
    private partial void LogOverflow(int count);
}

using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Mirror;

/// <summary>Shows the live streams to MQTT subscribers: positions as they are now, status and ETA retained.</summary>
internal sealed partial class LiveMirror(
    ILiveStreams streams, ServerTopics topics, TopicIndex index, IFleetDirectory directory, BrokerMetrics metrics,
    IOptions<BrokerOptions> options, TimeProvider time, ILogger<LiveMirror> logger) : BackgroundService
{
    private const int QueueCapacity = 10_000;

    private static readonly TimeSpan _sweepPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _firstPeriod = TimeSpan.FromSeconds(1);

    private readonly MirrorQueue _queue = new(QueueCapacity);
    private readonly RetainedStatuses _retained =
        new(options.Value.MaxRetainedStatuses, options.Value.RetainFinalStatus);
    private readonly StatusSync _sync = new(topics, directory, time);
    private readonly RetainedEtas _etas = new(topics, directory);
    private readonly LogLimiter _limiter = new(TimeSpan.FromSeconds(10), time);
    private IDisposable? _subscription;
    private FollowedRequests? _followed;
    private long _lastSweep;
    private long _droppedBefore;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _followed = streams.IsShared ? new FollowedRequests(streams, index, topics, _queue) : null;
        _subscription = streams.SubscribeAll(_followed is null ? _queue : new UnfollowedEvents(_followed, _queue));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> parts = [MirrorAsync(stoppingToken)];
        if (_followed is not null)
        {
            parts.Add(_followed.RunAsync(stoppingToken));
        }

        // The first to end has failed, or both do.
        await await Task.WhenAny(parts);
        await Task.WhenAll(parts);
    }

    private async Task MirrorAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            while (_queue.TryTake(out var requestId, out var next))
            {
                TryMirror(requestId, next!);
            }

            Sweep();
            ForgetSurplus();
            CountDropped();
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var sweep = new CancellationTokenSource(_sync.IsFirst ? _firstPeriod : _sweepPeriod, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, sweep.Token);
        try
        {
            await _queue.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look for retained messages that are due, or to stop: the loop sees which.
        }
    }

#pragma warning disable CA1031 // One message that cannot be delivered must not end the mirror.
    private void TryMirror(Guid requestId, LiveEvent next)
    {
        try
        {
            switch (next)
            {
                case LocationEvent location:
                    Mirror(requestId, location);
                    break;
                case StatusEvent status:
                    Mirror(requestId, status);
                    break;
                case EtaEvent eta:
                    metrics.Mirrored(_etas.TryPublish(requestId, eta) ? "eta" : "hidden");
                    break;
                default:
                    break;
            }
        }
        catch (Exception e)
        {
            metrics.Mirrored("failed");
            if (_limiter.MayLog(out var hidden))
            {
                LogFailed(e, hidden);
            }
        }
    }
#pragma warning restore CA1031

    private void Mirror(Guid requestId, LocationEvent location)
    {
        // Looked at now, not when it was queued: the request may be over by now.
        var isVisible = location.Role == PositionRole.Customer
            ? directory.FindRequest(requestId) is not null
            : directory.FindRequest(requestId)?.Status.ShowsOperator() == true;
        var topic = Topics.RequestPosition(requestId, location.Role);
        if (isVisible && topics.HasSubscribers(topic))
        {
            topics.PublishLive(topic, JsonSerializer.SerializeToUtf8Bytes(location, JsonSerializerOptions.Web));
            metrics.Mirrored("position");
        }
    }

    private void Mirror(Guid requestId, StatusEvent status)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(status, JsonSerializerOptions.Web);
        // A subscriber that was away gets every change, not just the last.
        topics.PublishState(Topics.RequestStatus(requestId), payload, isNewestWins: false);
        _retained.Set(requestId, status.Status.IsFinal(), time.GetUtcNow());
        metrics.Mirrored("status");
        if (status.Status != RequestStatus.EnRoute)
        {
            _etas.End(requestId);
        }
    }

    private void Sweep()
    {
        if (!directory.IsLoaded || (!_sync.IsFirst && time.GetElapsedTime(_lastSweep) < _sweepPeriod))
        {
            return;
        }

        _etas.EndOfThoseNotUnderWay();
        var isFirst = _sync.IsFirst;
        foreach (var (requestId, status) in _sync.Look(_retained.Contains))
        {
            TryMirror(requestId, status);
        }

        if (isFirst)
        {
            foreach (var (requestId, isFinal) in _sync.Retained().Where(r => !_retained.Contains(r.RequestId)))
            {
                // What ended while the broker was down is over for good.
                _retained.Set(requestId, isFinal || directory.FindRequest(requestId) is null, time.GetUtcNow());
            }
        }

        _lastSweep = time.GetTimestamp();
    }

    private void ForgetSurplus()
    {
        while (_retained.TryTakeSurplus(time.GetUtcNow(), out var requestId))
        {
            topics.Forget(Topics.RequestStatus(requestId));
            metrics.Mirrored("forgotten");
        }
    }

    private void CountDropped()
    {
        for (var dropped = _queue.Dropped; _droppedBefore < dropped; _droppedBefore++)
        {
            metrics.Mirrored("dropped");
        }
    }

    [LoggerMessage(LogLevel.Warning, "A live event could not be mirrored to MQTT subscribers ({Hidden} times more)")]
    private partial void LogFailed(Exception exception, long hidden);
}

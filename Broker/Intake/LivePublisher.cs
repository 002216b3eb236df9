using System.Threading.Channels;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Intake;

/// <summary>
/// Hands accepted positions to the live streams, thinned, and apart from the acknowledgement: live may be slow or fail,
/// a PUBACK does not notice.
/// </summary>
internal sealed partial class LivePublisher : BackgroundService
{
    private const int Capacity = 10_000;

    // Streams that are elsewhere answer later; one connection keeps the order.
    private const int MaxUnanswered = 512;

    // What is due within this time goes together.
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(10);

    private readonly Channel<(Guid RequestId, LocationEvent Event)> _queue;
    private readonly ILiveStreams _streams;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger<LivePublisher> _logger;
    private readonly TimeProvider _time;
    private readonly LogLimiter _limiter;
    private readonly LiveThinner _thinner;
    private readonly SemaphoreSlim _unanswered = new(MaxUnanswered, MaxUnanswered);
    private Task<bool>? _reading;

    /// <summary>Creates the publisher.</summary>
    public LivePublisher(
        ILiveStreams streams, BrokerMetrics metrics, IOptions<BrokerOptions> options, TimeProvider time,
        ILogger<LivePublisher> logger)
    {
        (_streams, _metrics, _time, _logger) = (streams, metrics, time, logger);
        _thinner = new LiveThinner(options.Value.LiveInterval);
        _limiter = new LogLimiter(TimeSpan.FromSeconds(10), time);
        var bounds = new BoundedChannelOptions(Capacity)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        };
        _queue = Channel.CreateBounded<(Guid, LocationEvent)>(bounds, _ => metrics.LiveDropped());
    }

    /// <summary>Queues a position; when the queue is full the oldest view update gives way.</summary>
    public void Offer(Guid requestId, LocationEvent location) => _queue.Writer.TryWrite((requestId, location));

    /// <inheritdoc/>
    public override void Dispose()
    {
        _unanswered.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await WaitAsync(stoppingToken);
                while (_thinner.TryTake(_time.GetUtcNow(), out var requestId, out var location))
                {
                    await PublishAsync(requestId, location, stoppingToken);
                }

                if (_queue.Reader.TryRead(out var next))
                {
                    await OfferAsync(next.RequestId, next.Event, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, or another service could not start: what is queued is only a view.
        }

        for (var answered = 0; answered < MaxUnanswered; answered++)
        {
            // No command takes longer than its own limit.
            await _unanswered.WaitAsync(CancellationToken.None);
        }
    }

    // Until there is something to read, or a place that was kept is due.
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        _reading ??= _queue.Reader.WaitToReadAsync(stoppingToken).AsTask();
        if (!_reading.IsCompleted && _thinner.NextDue is { } due)
        {
            var left = due - _time.GetUtcNow();
            await ((Task)_reading).WaitAsync(left > _tick ? left : _tick, _time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
            if (!_reading.IsCompleted)
            {
                return;
            }
        }

        await _reading;
        _reading = null;
    }

    private async Task OfferAsync(Guid requestId, LocationEvent location, CancellationToken stoppingToken)
    {
        if (_thinner.Passes(requestId, location, _time.GetUtcNow(), out var replaced))
        {
            await PublishAsync(requestId, location, stoppingToken);
        }
        else if (replaced)
        {
            _metrics.LiveThinned();
        }
    }

    private async Task PublishAsync(Guid requestId, LocationEvent location, CancellationToken stoppingToken)
    {
        await _unanswered.WaitAsync(stoppingToken);
        _ = SettleAsync(requestId, location, stoppingToken);
    }

#pragma warning disable CA1031 // Whatever goes wrong in live must stay there: positions are already safe.
    // In memory it is done when this returns.
    private async Task SettleAsync(Guid requestId, LocationEvent location, CancellationToken stoppingToken)
    {
        try
        {
            var numbered = await _streams.PublishAsync(requestId, location, stoppingToken);
            _metrics.LivePublished(numbered is null);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            _metrics.LiveFailed();
            if (_limiter.MayLog(out var hidden))
            {
                LogFailed(e, hidden);
            }
        }
        finally
        {
            _unanswered.Release();
        }
    }
#pragma warning restore CA1031

    [LoggerMessage(LogLevel.Warning, "A position could not be shown live; it is stored all the same ({Hidden} times more)")]
    private partial void LogFailed(Exception exception, long hidden);
}

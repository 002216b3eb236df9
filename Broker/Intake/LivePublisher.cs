using System.Threading.Channels;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Broker.Intake;

/// <summary>
/// Hands accepted positions to the live streams, in order and apart from the acknowledgement: live may be slow or
/// fail, a PUBACK does not notice.
/// </summary>
internal sealed partial class LivePublisher : BackgroundService
{
    private const int Capacity = 10_000;

    private readonly Channel<(Guid RequestId, LocationEvent Event)> _queue;
    private readonly ILiveStreams _streams;
    private readonly BrokerMetrics _metrics;
    private readonly ILogger<LivePublisher> _logger;
    private readonly LogLimiter _limiter;

    /// <summary>Creates the publisher.</summary>
    public LivePublisher(ILiveStreams streams, BrokerMetrics metrics, TimeProvider time, ILogger<LivePublisher> logger)
    {
        (_streams, _metrics, _logger) = (streams, metrics, logger);
        _limiter = new LogLimiter(TimeSpan.FromSeconds(10), time);
        var options = new BoundedChannelOptions(Capacity)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
        };
        _queue = Channel.CreateBounded<(Guid, LocationEvent)>(options, _ => metrics.LiveDropped());
    }

    /// <summary>Queues a position; when the queue is full the oldest view update gives way.</summary>
    public void Offer(Guid requestId, LocationEvent location) => _queue.Writer.TryWrite((requestId, location));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (requestId, location) in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await PublishAsync(requestId, location, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops, or another service could not start: what is queued is only a view.
        }
    }

#pragma warning disable CA1031 // Whatever goes wrong in live must stay there: positions are already safe.
    private async Task PublishAsync(Guid requestId, LocationEvent location, CancellationToken stoppingToken)
    {
        try
        {
            var numbered = await _streams.PublishAsync(requestId, location, stoppingToken);
            _metrics.LivePublished(numbered is null);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            _metrics.LiveFailed();
            if (_limiter.MayLog(out var hidden))
            {
                LogFailed(e, hidden);
            }
        }
    }
#pragma warning restore CA1031

    [LoggerMessage(LogLevel.Warning, "A position could not be shown live; it is stored all the same ({Hidden} times more)")]
    private partial void LogFailed(Exception exception, long hidden);
}

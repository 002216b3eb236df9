using System.Data.Common;
using System.Threading.Channels;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Requests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>
/// Follows the operators who are on the way, as they are shown live, and tells watchers when they arrive. Beside the publishers:
/// what is too much is skipped, and the next position tries again.
/// </summary>
internal sealed partial class EtaService(
    ILiveStreams streams, IFleetDirectory fleet, RequestRepository requests, IEtaProvider provider,
    IEnumerable<IEtaMilestones> milestones, IOptions<EtaOptions> options, EtaMetrics metrics, TimeProvider time,
    ILogger<EtaService> logger) : BackgroundService, ILiveListener
{
    private const int Capacity = 10_000;

    // A place older than this says nothing of the clock it came with.
    private static readonly TimeSpan _longestLag = TimeSpan.FromMinutes(2);

    private readonly EtaOptions _options = options.Value;
    private readonly Channel<(Guid RequestId, LiveEvent Event)> _events = Channel.CreateBounded<(Guid, LiveEvent)>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Channel<EtaJob> _jobs = Channel.CreateBounded<EtaJob>(options.Value.MaxConcurrent);
    private readonly Dictionary<Guid, FollowedDrive> _drives = [];

    /// <inheritdoc/>
    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        if (numbered.Event is LocationEvent { Role: PositionRole.Operator } or StatusEvent)
        {
            _events.Writer.TryWrite((requestId, numbered.Event));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled)
        {
            return;
        }

        using var subscription = streams.SubscribeAll(this);
        try
        {
            await Task.WhenAll([
                FollowAsync(stoppingToken),
                .. Enumerable.Range(0, _options.MaxConcurrent).Select(_ => EstimateAsync(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        await foreach (var (requestId, liveEvent) in _events.Reader.ReadAllAsync(stoppingToken))
        {
            if (liveEvent is LocationEvent place)
            {
                Observe(requestId, place);
            }
            else if (liveEvent is StatusEvent status && status.Status != RequestStatus.EnRoute)
            {
                _drives.Remove(requestId);
            }
        }
    }

    private void Observe(Guid requestId, LocationEvent place)
    {
        if (fleet.FindRequest(requestId) is not { Status: RequestStatus.EnRoute } request)
        {
            _drives.Remove(requestId);
            return;
        }

        if (FindDrive(request) is not { } drive)
        {
            metrics.Failed("full");
            return;
        }

        drive.Add(place);
        var now = time.GetUtcNow();
        if (drive.IsBusy || now < drive.NextAt)
        {
            return;
        }

        drive.IsBusy = true;
        if (_jobs.Writer.TryWrite(new EtaJob(requestId, drive, place, drive.SoFar.Snapshot(FixTime(place)))))
        {
            drive.NextAt = now + _options.Interval;
        }
        else
        {
            drive.IsBusy = false;
            metrics.Failed("busy");
        }
    }

    private FollowedDrive? FindDrive(FleetRequest request)
    {
        if (_drives.TryGetValue(request.RequestId, out var drive) && drive.IsOf(request))
        {
            return drive;
        }

        if (_drives.Count >= _options.MaxRequests)
        {
            foreach (var over in _drives.Keys.Where(id => fleet.FindRequest(id) is not { Status: RequestStatus.EnRoute }).ToList())
            {
                _drives.Remove(over);
            }
        }

        return _drives.Count >= _options.MaxRequests ? null : _drives[request.RequestId] = new FollowedDrive(request, _options);
    }

#pragma warning disable CA1031 // One estimate that fails must not end those of all others.
    private async Task EstimateAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _jobs.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await EstimateAsync(job, stoppingToken);
            }
            catch (DbException e)
            {
                metrics.Failed("database");
                LogNoPickup(e.Message);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.Failed("error");
                LogFailed(e, job.RequestId);
            }
            finally
            {
                job.Drive.IsBusy = false;
            }
        }
    }

    private async Task EstimateAsync(EtaJob job, CancellationToken stoppingToken)
    {
        var (requestId, drive, place, soFar) = job;
        if (drive.Pickup is null && await requests.FindAsync(requestId, stoppingToken) is { } request)
        {
            drive.Pickup = (request.PickupLat, request.PickupLng);
        }

        if (drive.Pickup is not { } pickup)
        {
            return;
        }

        var started = time.GetTimestamp();
        var query = new EtaQuery(place.Lat, place.Lng, pickup.Lat, pickup.Lng, time.GetUtcNow(), soFar);
        if (await provider.EstimateAsync(query, stoppingToken) is not { } estimate)
        {
            return;
        }

        metrics.Estimated(estimate.Source, time.GetElapsedTime(started));
        var (now, fixTime) = (time.GetUtcNow(), FixTime(place));
        var isFresh = fixTime <= now && now - fixTime <= _longestLag;
        // Refused by the stream when the request went on meanwhile.
        if (drive.Track.Next(estimate, isFresh ? fixTime : now, now) is { } news
            && await streams.PublishAsync(requestId, news.Event, stoppingToken) is not null)
        {
            metrics.Told();
            if (news.IsMilestone)
            {
                await TellAsync(requestId, news.Event, stoppingToken);
            }
        }
    }

    private async Task TellAsync(Guid requestId, EtaEvent eta, CancellationToken stoppingToken)
    {
        foreach (var milestone in milestones)
        {
            try
            {
                await milestone.OnMilestoneAsync(requestId, eta, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.Failed("milestone");
                LogMilestoneFailed(e, requestId);
            }
        }
    }
#pragma warning restore CA1031

    private static DateTimeOffset FixTime(LocationEvent place) => DateTimeOffset.FromUnixTimeMilliseconds(place.Timestamp);

    [LoggerMessage(LogLevel.Warning, "Arrivals cannot be estimated now: {Reason}")]
    private partial void LogNoPickup(string reason);

    [LoggerMessage(LogLevel.Error, "The arrival at request {RequestId} could not be estimated")]
    private partial void LogFailed(Exception exception, Guid requestId);

    [LoggerMessage(LogLevel.Error, "Others could not be told of the arrival at request {RequestId}")]
    private partial void LogMilestoneFailed(Exception exception, Guid requestId);
}

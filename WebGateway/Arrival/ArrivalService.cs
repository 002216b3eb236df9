using System.Data.Common;
using System.Threading.Channels;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Requests;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Arrival;

/// <summary>Follows the operators who are on the way, as they are shown live, and moves their requests to <c>arrived</c>, or proposes it.</summary>
internal sealed partial class ArrivalService(
    ILiveStreams streams, IFleetDirectory fleet, RequestRepository requests, RequestChanges changes,
    IOptions<ArrivalOptions> options, TimeProvider time, ILogger<ArrivalService> logger)
    : BackgroundService, ILiveListener
{
    /// <summary>Who made the change, in events and in <c>request_events</c>.</summary>
    public const string By = "arrival";

    private const int Capacity = 10_000;
    private const int MaxPickups = 20_000;

    private readonly Channel<(Guid RequestId, LocationEvent Place)> _places =
        Channel.CreateBounded<(Guid, LocationEvent)>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ArrivalDetector _detector = new(options.Value.Radius, options.Value.Dwell);
    private readonly Dictionary<Guid, Geocentric> _pickups = [];
    private Task<bool>? _reading;

    /// <inheritdoc/>
    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        if (numbered.Event is LocationEvent { Role: PositionRole.Operator } place)
        {
            _places.Writer.TryWrite((requestId, place));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var subscription = streams.SubscribeAll(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stoppingToken);
                if (_places.Reader.TryRead(out var next))
                {
                    await ObserveAsync(next.RequestId, next.Place, stoppingToken);
                }

                while (_detector.TryTake(time.GetUtcNow(), out var requestId))
                {
                    await ArriveAsync(requestId, stoppingToken);
                }
            }
            catch (DbException e)
            {
                // The next place of that operator tries again.
                LogFailed(e.Message);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    // Until there is a place to look at, or somebody has stayed long enough.
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        _reading ??= _places.Reader.WaitToReadAsync(stoppingToken).AsTask();
        if (!_reading.IsCompleted && _detector.NextDue is { } due)
        {
            var left = due - time.GetUtcNow();
            await ((Task)_reading).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, stoppingToken)
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

    private async Task ObserveAsync(Guid requestId, LocationEvent place, CancellationToken stoppingToken)
    {
        if (fleet.FindRequest(requestId) is not { Status: RequestStatus.EnRoute })
        {
            _detector.Forget(requestId);
            _pickups.Remove(requestId);
        }
        else if (await FindPickupAsync(requestId, stoppingToken) is { } pickup)
        {
            var distance = Ellipsoid.Distance(Ellipsoid.ToGeocentric(place.Lat, place.Lng), pickup);
            _detector.Observe(requestId, distance, place.Accuracy, time.GetUtcNow());
        }
    }

    private async ValueTask<Geocentric?> FindPickupAsync(Guid requestId, CancellationToken stoppingToken)
    {
        if (_pickups.TryGetValue(requestId, out var known))
        {
            return known;
        }

        if (await requests.FindAsync(requestId, stoppingToken) is not { } request)
        {
            return null;
        }

        if (_pickups.Count >= MaxPickups)
        {
            // Of requests that went silent; those that did not are read again.
            _pickups.Clear();
        }

        return _pickups[requestId] = Ellipsoid.ToGeocentric(request.PickupLat, request.PickupLng);
    }

    private async Task ArriveAsync(Guid requestId, CancellationToken stoppingToken)
    {
        var result = options.Value.Apply
            ? await changes.ChangeStatusAsync(requestId, RequestStatus.Arrived, version: null, By, stoppingToken)
            : await requests.NoticeArrivalAsync(requestId, By, stoppingToken);
        if (result.Change is not null)
        {
            LogArrived(requestId);
        }
    }

    [LoggerMessage(LogLevel.Information, "The operator of request {RequestId} has arrived")]
    private partial void LogArrived(Guid requestId);

    [LoggerMessage(LogLevel.Warning, "Arrivals cannot be found or stored now: {Reason}")]
    private partial void LogFailed(string reason);
}

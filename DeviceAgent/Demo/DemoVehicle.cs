using ArtMqtt.Contracts.Requests;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.DeviceAgent.Demo;

/// <summary>
/// One vehicle of the demo and its jobs, one after the other: a request somewhere in the city, the way there, the
/// service, and the next one.
/// </summary>
internal sealed class DemoVehicle(
    string deviceId, StreetNetwork network, Vehicle vehicle, Random random, DispatcherApi api, ReplaySpeed speed,
    TimeProvider time)
{
    private const double BeforeLeaving = 5;
    private const double AtTheDoor = 20;
    private const double Service = 40;
    private const double Rest = 10;

    private Trip? _next;
    private Trip? _current;

    private sealed record Trip(StreetRoute Route, TaskCompletionSource Arrived);

    /// <summary>Called once a simulated second by the runner: takes the next route, tells of the arrival.</summary>
    public bool Decide()
    {
        if (Interlocked.Exchange(ref _next, null) is { } trip)
        {
            vehicle.Follow(trip.Route);
            _current = trip;
        }
        else if (_current is not null && vehicle.IsStanding)
        {
            _current.Arrived.SetResult();
            _current = null;
        }

        return true;
    }

    /// <summary>A job for it: a request at the end of a way of this length.</summary>
    public async Task<(DemoRequest Request, StreetRoute Route)> CreateJobAsync(
        double leastMetres, double mostMetres, CancellationToken cancellationToken)
    {
        var route = RouteFinder.FindOfLength(network, vehicle.Destination, leastMetres, mostMetres, random);
        var (latitude, longitude) = network.Plane.ToDegrees(route.End.Place);
        var request = await api.CreateRequestAsync(
            latitude, longitude, $"Customer of {deviceId}", cancellationToken);
        await api.AssignAsync(request.RequestId, deviceId, cancellationToken);
        return (request, route);
    }

    /// <summary>Does a job to its end. A request that others ended meanwhile is left alone.</summary>
    public async Task DoJobAsync(DemoRequest request, StreetRoute route, CancellationToken cancellationToken)
    {
        await WaitAsync(BeforeLeaving, cancellationToken);
        await api.SetStatusAsync(request.RequestId, RequestStatus.EnRoute, cancellationToken);
        await DriveAsync(route, cancellationToken);
        await api.SetStatusAsync(request.RequestId, RequestStatus.Arrived, cancellationToken);
        await WaitAsync(AtTheDoor, cancellationToken);
        await api.SetStatusAsync(request.RequestId, RequestStatus.InProgress, cancellationToken);
        await WaitAsync(Service, cancellationToken);
        await api.SetStatusAsync(request.RequestId, RequestStatus.Completed, cancellationToken);
        await WaitAsync(Rest, cancellationToken);
    }

    private Task DriveAsync(StreetRoute route, CancellationToken cancellationToken)
    {
        var trip = new Trip(route, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Volatile.Write(ref _next, trip);
        return trip.Arrived.Task.WaitAsync(cancellationToken);
    }

    private Task WaitAsync(double simulatedSeconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(simulatedSeconds) / speed.Factor, time, cancellationToken);
}

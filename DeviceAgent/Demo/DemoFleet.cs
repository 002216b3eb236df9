using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.DeviceAgent.Demo;

/// <summary>The vehicles of the demo, each with its publisher and its jobs.</summary>
internal sealed class DemoFleet(
    StreetNetwork network, DispatcherApi api, ReplaySpeed speed, int seed, DemoState state, TimeProvider time,
    TextWriter output)
{
    // At 50 km/h and with all its lights, the first trip lasts more than a quarter of an hour.
    private const double FirstTripLeast = 12_000;
    private const double FirstTripMost = 16_000;
    private const double TripLeast = 3_000;
    private const double TripMost = 9_000;

    /// <summary>Ends what the last run left behind, so that a device serves one request at a time.</summary>
    public async Task TidyUpAsync(IEnumerable<DemoJobState> left, CancellationToken cancellationToken)
    {
        foreach (var job in left)
        {
            await api.SetStatusAsync(job.RequestId, RequestStatus.Cancelled, cancellationToken);
        }
    }

    /// <summary>A request in the middle of the city that waits for the device of the user's own experiments.</summary>
    public async Task<DemoRequest> CreateForGuestAsync(string deviceId, CancellationToken cancellationToken)
    {
        var (latitude, longitude) = network.Plane.ToDegrees(default);
        var request = await api.CreateRequestAsync(latitude, longitude, "You", cancellationToken);
        await api.AssignAsync(request.RequestId, deviceId, cancellationToken);
        await api.SetStatusAsync(request.RequestId, RequestStatus.EnRoute, cancellationToken);
        state.Set(deviceId, request);
        return request;
    }

    /// <summary>Makes a vehicle with its first job.</summary>
    /// <returns>The job, and what runs it until it is cancelled.</returns>
    public async Task<(DemoRequest Request, Func<CancellationToken, Task> Run)> CreateAsync(
        int index, string deviceId, Func<Position, CancellationToken, ValueTask> publish,
        CancellationToken cancellationToken)
    {
        // The first one begins at the edge of the city, so that its way can be long.
        var edge = index == 0 ? network.Crossings.MinBy(c => c.Place.East + c.Place.North) : null;
        var vehicle = new Vehicle(network, unchecked((seed * 1_000_003) ^ (index * 7919)), edge);
        var demo = new DemoVehicle(
            deviceId, network, vehicle, new Random(vehicle.Random.Next()), api, speed, time);
        var first = index == 0
            ? await demo.CreateJobAsync(FirstTripLeast, FirstTripMost, cancellationToken)
            : await demo.CreateJobAsync(TripLeast, TripMost, cancellationToken);
        state.Set(deviceId, first.Request);
        var runner = new VehicleRunner(vehicle, speed, time);
        return (first.Request, token => Task.WhenAll(
            runner.RunAsync(demo.Decide, publish, token), WorkAsync(deviceId, demo, first, token)));
    }

    private async Task WorkAsync(
        string deviceId, DemoVehicle vehicle, (DemoRequest Request, StreetRoute Route) job,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            await vehicle.DoJobAsync(job.Request, job.Route, cancellationToken);
            job = await vehicle.CreateJobAsync(TripLeast, TripMost, cancellationToken);
            state.Set(deviceId, job.Request);
            await output.WriteLineAsync($"  {deviceId} has a new customer: {job.Request.TrackingUrl}");
        }
    }
}

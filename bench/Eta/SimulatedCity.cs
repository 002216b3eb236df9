using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.Eta.Bench;

/// <summary>Drives of the simulator through its city: turns, limits and traffic lights, but no rush hour and no jams.</summary>
internal static class SimulatedCity
{
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>So many drives, one a vehicle, within one day. The same every time.</summary>
    public static IEnumerable<Drive> Drives(int count)
    {
        var network = StreetNetwork.Create(48.137, 11.575, seed: 1);
        return Enumerable.Range(1, count)
            .Select(seed => Drive.TryCreate("simulated city", Drives(network, seed))).OfType<Drive>();
    }

    private static IEnumerable<Position> Drives(StreetNetwork network, int seed)
    {
        var vehicle = new Vehicle(network, seed);
        vehicle.Follow(RouteFinder.FindOfLength(network, vehicle.Crossing, 2_500, 9_000, vehicle.Random));
        var begin = _start.AddSeconds(vehicle.Random.Next(86_400));
        // Lights do not wait for the vehicle.
        var wait = vehicle.Random.Next(60);
        for (var second = 0; second < wait || !vehicle.IsStanding; second++)
        {
            if (vehicle.Advance(begin.AddSeconds(second)) is { } position)
            {
                yield return position;
            }
        }
    }
}

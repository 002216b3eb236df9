using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>A simulated vehicle as a receiver: one fix a second, for ever.</summary>
internal sealed class SimulatorSource(double latitude, double longitude, int seed, TimeProvider time) : IFixSource
{
    /// <inheritdoc/>
    public SourceCounts Counts { get; } = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var network = StreetNetwork.Create(latitude, longitude, seed);
        var vehicle = new Vehicle(network, seed);
        var errand = new Errand(network, vehicle);
        var runner = new VehicleRunner(vehicle, new ReplaySpeed(1), time);
        await foreach (var position in runner.ReadAsync(Decide, cancellationToken))
        {
            Counts.Read++;
            Counts.Fixes++;
            yield return position;
        }

        bool Decide()
        {
            errand.Decide();
            return true;
        }
    }
}

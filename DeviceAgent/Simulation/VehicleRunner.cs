using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Replay;

namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>Lets a vehicle live in real time, or faster: one simulated second after the other.</summary>
internal sealed class VehicleRunner(Vehicle vehicle, ReplaySpeed speed, TimeProvider time)
{
    /// <summary>Runs until it is cancelled; hands out what the vehicle reports.</summary>
    /// <param name="decide">Called before each simulated second; false ends the run.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async IAsyncEnumerable<Position> ReadAsync(
        Func<bool> decide, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Vehicles do not report in step.
        var start = time.GetUtcNow() + (TimeSpan.FromSeconds(vehicle.Random.NextDouble()) / speed.Factor);
        for (var second = 0L; decide(); second++)
        {
            var due = start + (TimeSpan.FromSeconds(second) / speed.Factor);
            var wait = due - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (vehicle.Advance(DateTimeOffset.FromUnixTimeMilliseconds(due.ToUnixTimeMilliseconds())) is { } position)
            {
                yield return position;
            }
        }
    }

    /// <summary>Runs until it is cancelled and publishes what the vehicle reports.</summary>
    /// <param name="decide">Called before each simulated second; false ends the run.</param>
    /// <param name="publish">Is given every position.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task RunAsync(
        Func<bool> decide, Func<Position, CancellationToken, ValueTask> publish, CancellationToken cancellationToken)
    {
        await foreach (var position in ReadAsync(decide, cancellationToken))
        {
            await publish(position, cancellationToken);
        }
    }
}

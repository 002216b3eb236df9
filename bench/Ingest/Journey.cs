using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Ingest.Bench;

/// <summary>What a fleet publishes: every device once a second, in turns, one position in each publish.</summary>
/// <param name="devices">Devices.</param>
internal sealed class Journey(int devices)
{
    // Now, so that nothing comes late.
    private readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeSeconds(
        TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    private readonly Guid[] _requests = [.. Enumerable.Range(0, devices).Select(_ => Guid.CreateVersion7())];
    private long _next;

    /// <summary>The next publish.</summary>
    public ReceivedPositions Next()
    {
        var (second, device) = ((int)(_next / devices), (int)(_next % devices));
        _next++;
        // Each device has a second of its own to begin with, so that no two publish at the same millisecond.
        var time = _start.AddSeconds(second).AddMilliseconds(device % 1_000);
        var isServing = device % 3 == 0;
        var position = new Position(48 + (device * 1e-4) + (second * 1e-5), 11 + (second * 1e-5), time)
        {
            Speed = 13.5f + (device % 10),
            Heading = device % 360,
            Accuracy = 4,
            Altitude = 520,
            Battery = (byte)(device % 100),
            Sequence = (uint)second,
        };
        return new ReceivedPositions(
            device + 1, $"vehicle-{device}", isServing ? PositionRole.Operator : PositionRole.Device,
            isServing ? _requests[device] : null, time.AddMilliseconds(80), [new ReceivedPosition(position, false)]);
    }
}

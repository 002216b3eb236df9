namespace ArtMqtt.Load.Positions;

/// <summary>Where one simulated device goes: round a block, one step per position. Fix times never repeat.</summary>
/// <param name="device">Number of the device; places them apart.</param>
/// <param name="firstFixMs">Fix time of the first position, ms since 1970.</param>
/// <param name="stepMs">From one fix time to the next, in ms, at least 1.</param>
internal sealed class Journey(int device, long firstFixMs, int stepMs)
{
    private const int SouthE7 = 593_000_000;
    private const int WestE7 = 180_000_000;
    private const int StepE7 = 900;
    private const int Side = 250;

    private readonly int _latE7 = SouthE7 + (device % 100 * 20_000);
    private readonly int _lngE7 = WestE7 + (device / 100 % 100 * 40_000);
    private int _steps;

    /// <summary>Fix time of the newest position, ms since 1970.</summary>
    public long LastFixMs { get; private set; } = firstFixMs - stepMs;

    /// <summary>Writes the next position into a payload made by <see cref="PositionTemplate"/>.</summary>
    public void WriteNext(Span<byte> payload) => WriteAt(payload, LastFixMs + stepMs);

    /// <summary>The same with a fix time of the caller's choice, later than the last one.</summary>
    public void WriteAt(Span<byte> payload, long fixMs)
    {
        var along = _steps % Side * StepE7;
        var (north, east) = (_steps / Side % 4) switch
        {
            0 => (along, 0),
            1 => (Side * StepE7, along),
            2 => ((Side * StepE7) - along, Side * StepE7),
            _ => (0, (Side * StepE7) - along),
        };
        PositionTemplate.Patch(
            payload, _latE7 + north, _lngE7 + east, fixMs, PositionTemplate.FirstSequence + (uint)_steps);
        LastFixMs = fixMs;
        _steps++;
    }
}

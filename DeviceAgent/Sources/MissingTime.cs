using ArtMqtt.DeviceAgent.Clocks;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>Gives fixes of receivers that never tell a date or time that of the machine.</summary>
/// <param name="clock">Knows it, or what it is since the machine was started.</param>
internal sealed class MissingTime(BootClock clock)
{
    // A receiver that knows the date tells it within seconds: until then a fix is not worth mixing two clocks.
    private const int Enough = 10;

    private int _count;

    /// <summary>A fix came with its time.</summary>
    public void Told() => _count = 0;

    /// <summary>A fix came without; the time it is given, or null while the receiver may still tell it.</summary>
    public DateTimeOffset? Give() => ++_count > Enough ? clock.Now() : null;
}

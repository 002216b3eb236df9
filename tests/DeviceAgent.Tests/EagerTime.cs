using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests;

/// <summary>A clock that jumps to the due time of every one-shot timer: what waits for it alone never waits.</summary>
internal sealed class EagerTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            Advance(dueTime);
        }

        return timer;
    }
}

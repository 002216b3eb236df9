using ArtMqtt.DeviceAgent.Clocks;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests.Clocks;

/// <summary>A machine that was started with a wrong clock, which somebody sets later.</summary>
internal sealed class FakeMachine : IMachine
{
    private readonly long _started;

    public FakeMachine(string boot, DateTimeOffset wrong)
    {
        (Boot, Time) = (boot, new FakeTimeProvider(wrong));
        _started = Time.GetTimestamp();
    }

    public FakeTimeProvider Time { get; }

    public string Boot { get; }

    public TimeSpan Uptime => Time.GetElapsedTime(_started);

    public bool IsSynchronized { get; private set; }

    /// <summary>NTP found out what time it is.</summary>
    public void Synchronize(DateTimeOffset now)
    {
        Time.AdjustTime(now);
        IsSynchronized = true;
    }
}

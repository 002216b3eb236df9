using ArtMqtt.DeviceAgent.Clocks;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests.Clocks;

/// <summary>A machine that was started with a wrong clock, which somebody sets later.</summary>
internal sealed class FakeMachine : IMachine
{
    private readonly long _started;

    public FakeMachine(string boot, DateTimeOffset wrong)
    {
        (Boot, Time) = (boot, new SettableTime(wrong));
        _started = Time.GetTimestamp();
    }

    public SettableTime Time { get; }

    public string Boot { get; }

    public TimeSpan Uptime => Time.GetElapsedTime(_started);

    public bool IsSynchronized { get; private set; }

    /// <summary>NTP found out what time it is.</summary>
    public void Synchronize(DateTimeOffset now)
    {
        Time.Set(now);
        IsSynchronized = true;
    }

    /// <summary>A clock that is put right without any time passing.</summary>
    internal sealed class SettableTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private TimeSpan _off;

        public void Set(DateTimeOffset now) => _off = now - base.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _off;

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
    }
}

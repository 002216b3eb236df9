using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Replay;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Tests.Replay;

public sealed class ReplayerTests
{
    private static readonly DateTimeOffset _recorded = new(2009, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly EagerTime _time = new(_now);
    private readonly List<(DateTimeOffset At, Position Position)> _published = [];

    [Fact]
    public async Task Keeps_the_intervals_divided_by_the_speed_and_begins_now()
    {
        await RunAsync("10", keepsTimes: false, 0, 10, 25);

        Assert.Equal([_now, _now.AddSeconds(1), _now.AddSeconds(2.5)], _published.Select(p => p.At));
        Assert.Equal(_published.Select(p => p.At), _published.Select(p => p.Position.FixTime));
    }

    [Fact]
    public async Task Keeps_the_recorded_times_when_told_to()
    {
        await RunAsync("1", keepsTimes: true, 0, 2);

        Assert.Equal([_now, _now.AddSeconds(2)], _published.Select(p => p.At));
        Assert.Equal([_recorded, _recorded.AddSeconds(2)], _published.Select(p => p.Position.FixTime));
    }

    [Fact]
    public async Task Ends_now_at_full_speed()
    {
        await RunAsync("max", keepsTimes: false, 0, 60, 30);

        Assert.All(_published, p => Assert.Equal(_now, p.At));
        Assert.Equal([_now.AddSeconds(-60), _now, _now.AddSeconds(-30)], _published.Select(p => p.Position.FixTime));
    }

    [Fact]
    public async Task Does_not_wait_for_a_step_back_in_time()
    {
        await RunAsync("1", keepsTimes: false, 0, 5, 3, 6);

        Assert.Equal([0, 5, 5, 6], _published.Select(p => (p.At - _now).TotalSeconds));
        Assert.Equal([0, 5, 3, 6], _published.Select(p => (p.Position.FixTime - _now).TotalSeconds));
    }

    [Theory]
    [InlineData("max", true)]
    [InlineData("0.5", true)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("NaN", false)]
    [InlineData("fast", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Reads_speeds(string? text, bool expected) => Assert.Equal(expected, ReplaySpeed.TryParse(text, out _));

    private async Task RunAsync(string speedText, bool keepsTimes, params double[] seconds)
    {
        Assert.True(ReplaySpeed.TryParse(speedText, out var speed));
        var replayer = new Replayer(new Recording(seconds), speed, keepsTimes, _time, (position, _) =>
        {
            _published.Add((_time.GetUtcNow(), position));
            return ValueTask.CompletedTask;
        });

        Assert.Equal(seconds.Length, await replayer.RunAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Recording(double[] seconds) : IFixSource
    {
        public SourceCounts Counts { get; } = new();

        public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var second in seconds)
            {
                await Task.CompletedTask;
                yield return new Position(1, 2, _recorded.AddSeconds(second));
            }
        }
    }
}

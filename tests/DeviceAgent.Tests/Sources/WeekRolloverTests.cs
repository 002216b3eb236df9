using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class WeekRolloverTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _period = TimeSpan.FromDays(1024 * 7);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_date_that_is_whole_rollovers_behind_is_corrected(int periods) =>
        Assert.Equal(_now, Correct(_now - (periods * _period), _now));

    [Fact]
    public void A_machine_without_a_clock_is_no_reason_not_to() =>
        Assert.Equal(_now, Correct(_now - _period, DateTimeOffset.UnixEpoch));

    [Fact]
    public void A_date_that_is_wrong_otherwise_stays_as_it_is()
    {
        // A receiver that never knew the date: corrected, it would be in 2038.
        var cold = new DateTimeOffset(1980, 1, 6, 0, 0, 12, TimeSpan.Zero);

        Assert.Equal(cold, Correct(cold, _now));
        Assert.Equal(_now.AddDays(3) - _period, Correct(_now.AddDays(3) - _period, _now));
    }

    [Fact]
    public void A_right_date_stays_whatever_the_machine_thinks()
    {
        Assert.Equal(_now, Correct(_now, DateTimeOffset.UnixEpoch));
        Assert.Equal(_now, Correct(_now, _now.AddYears(5)));
    }

    private static DateTimeOffset Correct(DateTimeOffset told, DateTimeOffset now) =>
        new WeekRollover(new FakeTimeProvider(now)).Correct(new Position(1, 2, told)).FixTime;
}

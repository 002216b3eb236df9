using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Tests.Positions;

public sealed class PositionRulesTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, true)]
    [InlineData(60, true)]
    [InlineData(60.001, false)]
    [InlineData(-3600, true)]
    [InlineData(-3600.001, false)]
    public void A_clock_may_differ_within_bounds(double seconds, bool expected) => Assert.Equal(
        expected,
        PositionRules.IsClockPlausible(
            _now.AddSeconds(seconds), _now, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)));

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(0, double.NegativeInfinity)]
    public void What_is_no_number_is_no_place(double latitude, double longitude) =>
        Assert.False(PositionRules.IsValid(new Position(latitude, longitude, _now), out _));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_number_is_no_motion(float value)
    {
        var position = new Position(0, 0, _now);
        Assert.False(PositionRules.IsValid(position with { Speed = value }, out _));
        Assert.False(PositionRules.IsValid(position with { Heading = value }, out _));
        Assert.False(PositionRules.IsValid(position with { Accuracy = value }, out _));
        Assert.False(PositionRules.IsValid(position with { Altitude = value }, out _));
    }
}

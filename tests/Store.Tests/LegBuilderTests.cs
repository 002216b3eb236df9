using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.Store.Tests;

public sealed class LegBuilderTests
{
    // A degree of latitude at the equator.
    private const double Metres = 110_574.3;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public void The_pace_does_not_depend_on_how_often_a_device_reports(int interval)
    {
        var legs = Legs(Enumerable.Range(0, 1 + (600 / interval)).Select(i => (i * interval, i * interval * 10.0)));

        Assert.Equal(0.1, legs.Sum(leg => leg.Seconds) / legs.Sum(leg => leg.Distance), precision: 3);
        Assert.InRange(legs.Sum(leg => leg.Distance), 5_900, 6_000.1);
    }

    [Fact]
    public void Who_waits_at_a_light_loses_time_and_who_parks_does_not()
    {
        var light = Legs([(0, 0), (10, 100), (20, 101), (90, 102), (100, 202)]);
        Assert.Equal([10, 90], light.Select(leg => leg.Seconds));

        var parked = Legs([(0, 0), (10, 100), (20, 101), (1_000, 102), (1_010, 202), (1_020, 302)]);
        Assert.Equal([10, 10], parked.Select(leg => leg.Seconds));
        Assert.Equal([false, false], parked.Select(leg => leg.Follows));
    }

    [Fact]
    public void A_receiver_that_trembles_does_not_move()
    {
        var random = new Random(1);
        Assert.Empty(Legs(Enumerable.Range(0, 3_600).Select(second => (second, random.NextDouble() * 20))));
    }

    [Fact]
    public void A_jump_is_not_driven() =>
        Assert.Equal([100, 100], Legs([(0, 0), (10, 100), (11, 5_000), (12, 120), (20, 220)]).Select(leg => Math.Round(leg.Distance)));

    [Fact]
    public void Positions_that_are_not_newer_are_left_out() =>
        Assert.Single(Legs([(10, 0), (10, 500), (5, 600), (20, 100)]));

    [Fact]
    public void Legs_of_one_cell_are_one_traversal_until_the_device_leaves()
    {
        var sums = new CellSums();
        sums.Add(new Leg(7, 100, 10, false));
        sums.Add(new Leg(7, 100, 30, true));
        sums.Add(new Leg(8, 100, 10, true));
        sums.Add(new Leg(7, 50, 5, true));

        var cells = sums.Finish();
        Assert.Equal(new PaceSum(2, 250, 45, 8.5), cells[7]);
        Assert.Equal(new PaceSum(1, 100, 10, 1), cells[8]);
    }

    [Fact]
    public void The_spread_of_traversals_follows_from_their_sums()
    {
        // 0.1 and 0.3 s/m over the same distance: 0.2 ± 0.1, a quarter of the square.
        var sum = new PaceSum(1, 100, 10, 1) + new PaceSum(1, 100, 30, 9);
        Assert.Equal((0.2, 0.25), (sum.Pace, Math.Round(sum.RelativeVariance, 9)));
        Assert.Equal(new PaceSum(1, 100, 10, 1), sum - new PaceSum(1, 100, 30, 9));
    }

    private static List<Leg> Legs(IEnumerable<(int Second, double North)> positions)
    {
        var builder = new LegBuilder();
        var legs = new List<Leg>();
        foreach (var (second, north) in positions)
        {
            if (builder.TryAdd(new Position(north / Metres, 11.5, DateTimeOffset.UnixEpoch.AddSeconds(second)), out var leg))
            {
                legs.Add(leg);
            }
        }

        return legs;
    }
}

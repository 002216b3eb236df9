using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Speeds;
using ArtMqtt.WebGateway.Eta;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>How long a drive takes, from what is known at each level.</summary>
public sealed class EtaEstimatorTests
{
    // A degree of latitude at 48° north.
    private const double Metres = 111_190;
    private static readonly DateTimeOffset _now = new(2026, 3, 2, 8, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Without_any_history_roads_in_general_decide()
    {
        var estimate = EtaEstimator.Estimate(Query(3_000), KnownSpeeds.None, TripWays.None);

        // 3 km straight are 3.9 km on roads, at 30 km/h.
        Assert.Equal("recent", estimate.Source);
        Assert.Equal(3_900, estimate.Distance, tolerance: 10);
        Assert.Equal(3_900 / (30 / 3.6), estimate.Seconds, tolerance: 3);
        Assert.InRange(estimate.Low, 0.4 * estimate.Seconds, 0.8 * estimate.Seconds);
        Assert.InRange(estimate.High, 1.4 * estimate.Seconds, 2 * estimate.Seconds);
    }

    [Fact]
    public void Without_any_history_the_drive_so_far_soon_decides()
    {
        var estimate = EtaEstimator.Estimate(
            Query(3_000, Driven(metres: 4_000, metresPerSecond: 4)), KnownSpeeds.None, TripWays.None);

        Assert.InRange(estimate.Seconds, 0.9 * 3_900 / 4, 3_900 / 4);
    }

    [Fact]
    public void The_fleets_trips_say_how_long_ways_are_and_how_quick()
    {
        var ways = new TripWays(new Dictionary<int, TripClass>
        {
            [TripWays.ClassOf(3_000)] = new(100_000, 1.4, 1.5, 1.6, Pace: 0.2),
        });
        var estimate = EtaEstimator.Estimate(Query(3_000), KnownSpeeds.None, ways);

        Assert.Equal(4_500, estimate.Distance, tolerance: 10);
        Assert.Equal(900, estimate.Seconds, tolerance: 5);
        // Another distance is another class.
        Assert.Equal(1.3 * 15_000, EtaEstimator.Estimate(Query(15_000), KnownSpeeds.None, ways).Distance, tolerance: 50);
    }

    [Fact]
    public void Few_trips_move_what_is_said_only_a_little()
    {
        var ways = new TripWays(new Dictionary<int, TripClass> { [TripWays.ClassOf(3_000)] = new(1, 2, 2, 2, 1) });

        Assert.InRange(EtaEstimator.Estimate(Query(3_000), KnownSpeeds.None, ways).Distance, 3_900, 4_100);
    }

    [Fact]
    public void A_place_is_known_by_its_hour_then_by_its_cell_then_by_its_surroundings_then_by_the_fleet()
    {
        const double Fleet = 0.1;
        var (cell, other) = (SpeedGrid.CellsPerBlock * 1_000, (SpeedGrid.CellsPerBlock * 1_000) + 63);
        Assert.Equal(new CellPace(Fleet, 0, 0), Speeds().Find(cell, Fleet));
        Assert.Equal(Fleet, Speeds((other, true, 0.3, 1e9)).Find(cell - 1, Fleet).Pace);

        // Elsewhere in the block, at any time, then in this hour.
        Assert.Equal(0.3, Speeds((other, false, 0.3, 1e9)).Find(cell, Fleet).Pace, tolerance: 0.001);
        Assert.Equal(0.4, Speeds((other, false, 0.3, 1e6), (other, true, 0.4, 1e9)).Find(cell, Fleet).Pace, tolerance: 0.001);
        // Here at any time, then in this hour.
        Assert.Equal(0.5, Speeds((other, true, 0.4, 1e9), (cell, false, 0.5, 1e9)).Find(cell, Fleet).Pace, tolerance: 0.001);
        Assert.Equal(
            0.7, Speeds((other, true, 0.4, 1e9), (cell, false, 0.5, 1e6), (cell, true, 0.7, 1e9)).Find(cell, Fleet).Pace,
            tolerance: 0.001);
    }

    [Fact]
    public void One_slow_drive_does_not_make_a_place_slow()
    {
        var cell = SpeedGrid.CellsPerBlock * 1_000;
        var found = Speeds((cell, false, 0.1, 100_000), (cell, true, 2, 300)).Find(cell, 0.1);

        Assert.InRange(found.Pace, 0.1, 0.5);
        Assert.InRange(found.Known, 0.9, 1);
    }

    [Fact]
    public void The_history_of_the_way_decides_and_narrows_the_band()
    {
        var known = AlongTheWay(pace: 0.25);
        var (with, without) = (
            EtaEstimator.Estimate(Query(3_000), known, TripWays.None),
            EtaEstimator.Estimate(Query(3_000), KnownSpeeds.None, TripWays.None));

        Assert.Equal("history", with.Source);
        Assert.Equal(3_900 * 0.25, with.Seconds, tolerance: 10);
        Assert.True(with.High / with.Low < without.High / without.Low);
    }

    [Fact]
    public void A_drive_through_a_jam_takes_longer_than_history_says_and_much_longer_only_nearby()
    {
        var known = AlongTheWay(pace: 0.1);
        var jam = Driven(metres: 700, metresPerSecond: 1);
        var near = EtaEstimator.Estimate(Query(1_500, jam), known, TripWays.None).Seconds
            / EtaEstimator.Estimate(Query(1_500), known, TripWays.None).Seconds;
        var far = EtaEstimator.Estimate(Query(60_000, jam), known, TripWays.None).Seconds
            / EtaEstimator.Estimate(Query(60_000), known, TripWays.None).Seconds;

        Assert.InRange(near, 1.5, 4);
        Assert.InRange(far, 1.1, near);
    }

    [Fact]
    public void The_band_widens_with_the_distance_and_holds_the_estimate()
    {
        var width = 0.0;
        foreach (var distance in new[] { 300, 1_500, 8_000, 40_000 })
        {
            var estimate = EtaEstimator.Estimate(Query(distance), KnownSpeeds.None, TripWays.None);
            Assert.True(estimate.Low < estimate.Seconds && estimate.Seconds < estimate.High);
            Assert.True(estimate.High - estimate.Low > width);
            width = estimate.High - estimate.Low;
        }
    }

    [Fact]
    public void At_the_pickup_point_nothing_is_left()
    {
        var estimate = EtaEstimator.Estimate(Query(0), KnownSpeeds.None, TripWays.None);
        Assert.Equal((0, 0, 0, 0), (estimate.Seconds, estimate.Low, estimate.High, estimate.Distance));
    }

    [Fact]
    public void The_date_line_is_no_way_around_the_earth()
    {
        var query = new EtaQuery(10, 179.99, 10, -179.99, _now, DrivenPart.None);
        Assert.Equal(2_190 * 1.3, EtaEstimator.Estimate(query, KnownSpeeds.None, TripWays.None).Distance, tolerance: 20);
        Assert.All(EtaEstimator.CellsOf(query), cell => Assert.Contains(
            SpeedGrid.BlockOf(cell), new[] { 179.99, -179.99 }.Select(lng => SpeedGrid.BlockOf(SpeedGrid.CellOf(10, lng)))));
    }

    [Fact]
    public void A_drive_so_far_is_kept_cell_by_cell_and_not_without_end()
    {
        var drive = new DriveSoFar();
        for (var second = 0; second < 20_000; second++)
        {
            drive.Add(new Position(40 + (second * 10 / Metres), 11.5, _now.AddSeconds(second)));
        }

        var kept = drive.Snapshot(_now.AddSeconds(20_030));
        Assert.Equal(DriveSoFar.MaxParts, kept.Legs.Count);
        Assert.Equal(kept.Legs.Count, kept.Legs.Select(leg => leg.Cell).Distinct().Count());
        Assert.Equal(0.1, kept.Legs.Sum(leg => leg.Seconds) / kept.Legs.Sum(leg => leg.Distance), tolerance: 0.001);
        Assert.InRange(kept.Pending, 30, 36);
    }

    private static EtaQuery Query(double metres, DrivenPart? drive = null) =>
        new(48, 11.5, 48 + (metres / Metres), 11.5, _now, drive ?? DrivenPart.None);

    // From the south to where the query begins.
    private static DrivenPart Driven(double metres, double metresPerSecond)
    {
        var drive = new DriveSoFar();
        var seconds = (int)(metres / metresPerSecond);
        for (var second = 0; second <= seconds; second++)
        {
            drive.Add(new Position(48 - ((metres - (second * metresPerSecond)) / Metres), 11.5, _now.AddSeconds(second - seconds)));
        }

        return drive.Snapshot(_now);
    }

    private static KnownSpeeds AlongTheWay(double pace) => Speeds([.. Enumerable.Range(-200, 1_000).Select(
        i => (SpeedGrid.CellOf(48 + (i * 100 / Metres), 11.5), false, pace, 1e5))]);

    private static KnownSpeeds Speeds(params (int Cell, bool IsThisHour, double Pace, double Distance)[] sums)
    {
        var blocks = new Dictionary<int, BlockSpeeds>();
        foreach (var (cell, isThisHour, pace, distance) in sums)
        {
            if (!blocks.TryGetValue(SpeedGrid.BlockOf(cell), out var block))
            {
                blocks.Add(SpeedGrid.BlockOf(cell), block = new BlockSpeeds());
            }

            block.Add(cell, isThisHour, new PaceSum(
                (int)Math.Ceiling(distance / 700), distance, pace * distance, pace * pace * distance));
        }

        return new KnownSpeeds(blocks);
    }
}

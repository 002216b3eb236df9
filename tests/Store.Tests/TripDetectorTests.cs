using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Trips and stops of made-up routes, each with one difficulty.</summary>
public sealed class TripDetectorTests
{
    private readonly Drive _drive = new();

    [Fact]
    public void A_drive_between_two_places_is_a_stop_a_trip_and_a_stop()
    {
        _drive.Stand(600).Go(5_000, 10).Stand(600);
        var parts = _drive.Detect();
        Assert.Collection(
            parts,
            first => AssertStop(first, 0, 600, 0),
            trip => AssertTrip(trip, 600, 1_100, 5_000),
            second => AssertStop(second, 1_100, 1_700, 5_000));
        Assert.Equal(10, ((RouteTrip)parts[1]).AverageSpeed, 0.5);
        Assert.Equal(10f, ((RouteTrip)parts[1]).MaxSpeed);
    }

    [Fact]
    public void Noise_while_standing_neither_ends_the_stop_nor_makes_a_trip()
    {
        _drive.Go(3_000, 12).Stand(4 * 3_600, noise: 25).Go(3_000, 12);
        Assert.Collection(
            _drive.Detect(),
            trip => AssertTrip(trip, 0, 250, 3_000),
            stop => AssertStop(stop, 250, 250 + 14_400, 3_000),
            trip => AssertTrip(trip, 250 + 14_400, 500 + 14_400, 3_000));
    }

    [Fact]
    public void A_receiver_that_drifts_slowly_stands()
    {
        // 180 m in an hour, and back.
        _drive.Stand(300).Go(180, 0.05, isReal: false).Go(-180, 0.05, isReal: false).Stand(300);
        AssertStop(Assert.Single(_drive.Detect()), 0, 600 + 7_200, 0, near: 120);
    }

    [Fact]
    public void Traffic_lights_are_part_of_the_trip()
    {
        _drive.Go(2_000, 10).Stand(90).Go(2_000, 10).Stand(150, noise: 3).Go(2_000, 10);
        AssertTrip(Assert.Single(_drive.Detect()), 0, 839, 6_000, tolerance: 200);
    }

    [Fact]
    public void A_walk_is_a_trip()
    {
        _drive.Go(2_000, 1.3);
        AssertTrip(Assert.Single(_drive.Detect()), 0, 1_538, 2_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void A_lone_spike_changes_nothing(int interval)
    {
        _drive.Every(interval).Stand(120).Spike(5_000).Stand(3_000).Spike(400).Stand(3_000);
        AssertStop(Assert.Single(_drive.Detect()), 0, _drive.Second - interval, 0);
    }

    [Fact]
    public void A_burst_of_wrong_positions_does_not_end_a_stop()
    {
        _drive.Stand(900);
        for (var i = 0; i < 50; i++)
        {
            _drive.Spike(450 + i);
        }

        _drive.Stand(900);
        AssertStop(Assert.Single(_drive.Detect()), 0, 1_850, 0, near: 20);
    }

    [Fact]
    public void A_trip_is_cut_at_a_long_gap_and_not_at_a_short_one()
    {
        _drive.Go(3_000, 10).Wait(3_500).Jump(4_000).Go(3_000, 10);
        AssertTrip(Assert.Single(_drive.Detect()), 0, 4_100, 10_000, tolerance: 15);

        var cut = new Drive().Go(3_000, 10).Wait(3_700).Jump(4_000).Go(3_000, 10);
        Assert.Collection(
            cut.Detect(), first => AssertTrip(first, 0, 300, 3_000), second => AssertTrip(second, 4_000, 4_300, 3_000));
    }

    [Fact]
    public void A_receiver_that_sleeps_while_parked_has_stood_there()
    {
        _drive.Go(3_000, 10).Stand(30).Wait(8 * 3_600).Stand(30).Go(3_000, 10);
        Assert.Collection(
            _drive.Detect(),
            trip => AssertTrip(trip, 0, 300, 3_000),
            stop => AssertStop(stop, 300, 360 + (8 * 3_600), 3_000, near: 30),
            trip => AssertTrip(trip, 360 + (8 * 3_600), 660 + (8 * 3_600), 3_000));
    }

    [Fact]
    public void A_round_returns_to_its_stop_as_a_trip()
    {
        _drive.Stand(600).Go(4_000, 10).Go(-4_000, 10).Stand(600);
        Assert.Collection(
            _drive.Detect(),
            stop => AssertStop(stop, 0, 600, 0),
            trip => AssertTrip(trip, 600, 1_400, 8_000),
            stop => AssertStop(stop, 1_400, 2_000, 0));
    }

    [Fact]
    public void A_short_move_parts_two_stops_without_a_trip()
    {
        _drive.Stand(600).Go(400, 5).Stand(600);
        Assert.Collection(
            _drive.Detect(), stop => AssertStop(stop, 0, 600, 0), stop => AssertStop(stop, 680, 1_280, 400));
    }

    [Fact]
    public void A_vehicle_that_reports_each_minute_is_understood()
    {
        _drive.Every(60).Stand(1_200, noise: 10).Go(30_000, 20).Stand(1_200, noise: 10).Go(30_000, 20);
        Assert.Collection(
            _drive.Detect(),
            stop => AssertStop(stop, 0, 1_200, 0, tolerance: 60),
            trip => AssertTrip(trip, 1_200, 2_700, 30_000, tolerance: 60),
            stop => AssertStop(stop, 2_700, 3_900, 30_000, tolerance: 60),
            trip => AssertTrip(trip, 3_900, 5_400, 30_000, tolerance: 60));
    }

    [Fact]
    public void Too_little_is_nothing()
    {
        Assert.Empty(new Drive().Detect());
        Assert.Empty(new Drive().Stand(1).Detect());
        Assert.Empty(new Drive().Go(300, 10).Detect());
    }

    [Fact]
    public void Positions_not_later_than_the_last_are_left_out()
    {
        var detector = new TripDetector();
        for (var second = 0; second < 600; second++)
        {
            detector.Add(new Position(1, 1, DateTimeOffset.UnixEpoch.AddSeconds(second)));
            detector.Add(new Position(2, 1, DateTimeOffset.UnixEpoch.AddSeconds(second)));
            detector.Add(new Position(2, 1, DateTimeOffset.UnixEpoch.AddSeconds(second - 5)));
        }

        detector.Finish();
        Assert.True(detector.TryRead(out var part));
        Assert.Equal(599, Assert.IsType<RouteStop>(part).Duration.TotalSeconds);
        Assert.False(detector.TryRead(out _));
    }

    [Fact]
    public void Parts_of_any_route_follow_each_other_without_overlap()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var drive = new Drive(seed);
            drive.GoSomewhere(30);
            var parts = drive.Detect();
            Assert.All(
                parts.Zip(parts.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From, $"{seed}: {pair}"));
            Assert.All(parts, part => Assert.True(part.To >= part.From, $"{seed}: {part}"));
            Assert.All(parts.OfType<RouteTrip>(), trip => Assert.True(
                trip.Distance >= 500 || trip.Duration.TotalSeconds >= 300, $"{seed}: {trip}"));
        }
    }

    [Fact]
    public void A_stop_on_the_date_line_has_its_place_there()
    {
        var detector = new TripDetector();
        for (var second = 0; second < 600; second++)
        {
            detector.Add(new Position(-17, second % 2 == 0 ? 179.9999 : -179.9999, DateTimeOffset.UnixEpoch.AddSeconds(second)));
        }

        detector.Finish();
        Assert.True(detector.TryRead(out var part));
        var stop = Assert.IsType<RouteStop>(part);
        Assert.Equal((-17, 180), (stop.Latitude, Math.Abs(stop.Longitude)), Near(1e-6));
    }

    [Fact]
    public void Memory_is_bounded_at_any_rate()
    {
        var candidates = new StopCandidates(200, TimeSpan.FromSeconds(180));
        for (var i = 0; i < 17_999; i++)
        {
            Assert.False(candidates.Add(Waypoint.Of(new Position(1, 1, DateTimeOffset.UnixEpoch.AddMilliseconds(10 * i)))));
        }

        Assert.InRange(candidates.Waypoints.Count, 200, 257);
        Assert.True(candidates.Add(Waypoint.Of(new Position(1, 1, DateTimeOffset.UnixEpoch.AddSeconds(180)))));
    }

    private static void AssertStop(
        RoutePart part, double from, double to, double metres, double tolerance = 20, double near = 15)
    {
        var stop = Assert.IsType<RouteStop>(part);
        Assert.Equal((from, to), (Seconds(stop.From), Seconds(stop.To)), Near(tolerance));
        var place = new Position(stop.Latitude, stop.Longitude, default);
        Assert.InRange(Ellipsoid.Distance(Drive.Place(metres), place), 0, near);
    }

    private static void AssertTrip(RoutePart part, double from, double to, double metres, double tolerance = 20)
    {
        var trip = Assert.IsType<RouteTrip>(part);
        Assert.Equal((from, to), (Seconds(trip.From), Seconds(trip.To)), Near(20 + (tolerance % 100)));
        Assert.Equal(metres, trip.Distance, Math.Max(120, tolerance));
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static Func<(double, double), (double, double), bool> Near(double tolerance) =>
        (a, b) => Math.Abs(a.Item1 - b.Item1) <= tolerance && Math.Abs(a.Item2 - b.Item2) <= tolerance;
}

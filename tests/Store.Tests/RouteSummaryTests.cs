using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>What a route adds up to.</summary>
public sealed class RouteSummaryTests
{
    [Theory]
    [InlineData("car/00000001.track")]
    [InlineData("car/00000015.track")]
    [InlineData("car/00000024.track")]
    [InlineData("car/00000043.track")]
    [InlineData("car/00000070.track")]
    [InlineData("car/00000078.track")]
    [InlineData("car/00000081.track")]
    [InlineData("car/00000098.track")]
    [InlineData("car/munich-barefoot-001.json")]
    [InlineData("car/munich-barefoot-015.json")]
    [InlineData("bike/coros-pace-2-cycling-misaligned-fields.gpx")]
    [InlineData("bike/garmin-edge-500-activity.gpx")]
    [InlineData("dateline/iceberg-b19-qscat.csv")]
    [InlineData("dateline/iceberg-b41-ascat.csv")]
    public void A_recording_is_as_long_as_the_independent_tool_says(string recording)
    {
        var (positions, answer) = Recordings.Read(recording);
        var known = answer.GetProperty("after_sort_and_dedupe");
        var (all, without) = (new RouteSummary(), new RouteSummary(TimeSpan.FromSeconds(300)));
        foreach (var position in positions)
        {
            all.Add(position);
            without.Add(position);
        }

        // The answers are rounded to 0.1 m.
        Assert.Equal(known.GetProperty("length_m_geodesic").GetDouble(), all.Distance, 0.0501);
        Assert.Equal(known.GetProperty("length_m_geodesic_without_gaps_over_300s").GetDouble(), without.Distance, 0.0501);
        Assert.Equal(known.GetProperty("moving_s_at_1_kmh").GetDouble(), all.Moving.TotalSeconds, 0.0501);
        Assert.Equal(known.GetProperty("points").GetInt32(), all.Positions);
        Assert.Equal((positions[0].FixTime, positions[^1].FixTime), (all.FirstFixTime, all.LastFixTime));
        Assert.All(positions, p => Assert.True(all.Box!.Value.Contains(p.Latitude, p.Longitude)));
    }

    [Fact]
    public void A_step_is_moving_from_one_kilometre_per_hour_on()
    {
        // 0.001° on the equator is 111.32 m: at 1 km/h it takes 400.75 s.
        Assert.Equal(400, Sum(At(0, 0, 0), At(400, 0, 0.001)).Moving.TotalSeconds);
        Assert.Equal(0, Sum(At(0, 0, 0), At(401, 0, 0.001)).Moving.TotalSeconds);
        Assert.Equal(111.319, Sum(At(0, 0, 0), At(401, 0, 0.001)).Distance, 0.001);
    }

    [Fact]
    public void Equal_times_add_distance_and_no_time()
    {
        var sum = Sum(At(5, 0, 0), At(5, 0, 0.001));
        Assert.Equal((2, 0.0), (sum.Positions, sum.Moving.TotalSeconds));
        Assert.Equal(111.319, sum.Distance, 0.001);
    }

    [Fact]
    public void Nothing_and_one_position_have_no_length()
    {
        var none = new RouteSummary();
        Assert.Equal((0, 0.0, null, null, null, null),
            (none.Positions, none.Distance, none.MaxSpeed, none.FirstFixTime, none.LastFixTime, none.Box));
        var one = Sum(At(7, 48, 11) with { Speed = 3 });
        Assert.Equal((1, 0.0, 3f, At(7, 0, 0).FixTime, At(7, 0, 0).FixTime),
            (one.Positions, one.Distance, one.MaxSpeed, one.FirstFixTime, one.LastFixTime));
        Assert.Equal(new BoundingBox(11, 48, 11, 48), one.Box);
    }

    [Fact]
    public void The_highest_reported_speed_is_kept()
    {
        var sum = Sum(At(0, 0, 0), At(1, 0, 0) with { Speed = 2 }, At(2, 0, 0) with { Speed = 9 }, At(3, 0, 0) with { Speed = 4 }, At(4, 0, 0));
        Assert.Equal(9f, sum.MaxSpeed);
    }

    [Fact]
    public void Hours_add_up_to_the_day_when_each_continues_the_last()
    {
        Position[] day = [At(0, 0, 0), At(60, 0, 0.01), At(120, 0.01, 0.01), At(180, 0.01, 0.02)];
        var (first, second) = (Sum(day.AsSpan(0, 2)), new RouteSummary());
        second.ContinueFrom(day[1]);
        second.Add(day[2]);
        second.Add(day[3]);
        var whole = Sum(day);
        Assert.Equal(whole.Distance, first.Distance + second.Distance, 1e-9);
        Assert.Equal(whole.Moving, first.Moving + second.Moving);
        Assert.Equal((2, day[2].FixTime), (second.Positions, second.FirstFixTime));
        Assert.Equal(new BoundingBox(0.01, 0.01, 0.02, 0.01), second.Box);
    }

    [Fact]
    public void A_box_goes_over_the_date_line_the_short_way()
    {
        Assert.Equal(new BoundingBox(179, -1, -178, 2), Sum(At(0, 0, 179.5), At(1, -1, -178), At(2, 2, 179)).Box);
        Assert.Equal(new BoundingBox(170, 0, -170, 0), Sum(At(0, 0, -170), At(1, 0, 170)).Box);
        Assert.Equal(new BoundingBox(-90, 0, 90, 0), Sum(At(0, 0, -90), At(1, 0, 0), At(2, 0, 90)).Box);
    }

    [Fact]
    public void A_route_around_the_earth_has_the_whole_band()
    {
        var around = Sum([.. Enumerable.Range(0, 40).Select(i => At(i, 10, Math.IEEERemainder(i * 10, 360)))]);
        Assert.Equal(new BoundingBox(-180, 10, 180, 10), around.Box);
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var sum = Sum(At(0, 0, 0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < 1_000; i++)
        {
            sum.Add(At(i, 0, i / 1e5) with { Speed = i });
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RouteSummary Sum(params ReadOnlySpan<Position> positions)
    {
        var summary = new RouteSummary();
        foreach (var position in positions)
        {
            summary.Add(position);
        }

        return summary;
    }

    private static Position At(double second, double latitude, double longitude) =>
        new(latitude, longitude, DateTimeOffset.UnixEpoch.AddSeconds(second));
}

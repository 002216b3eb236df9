using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Trips and stops of real drives, against stay points found by an independent tool.</summary>
public sealed class RecordedTripTests
{
    // As the answers define a stay; the defaults are wider.
    private static readonly TripOptions _asInAnswers = new()
    {
        StopRadius = 50,
        MinStopDuration = TimeSpan.FromSeconds(120),
        MaxGap = TimeSpan.FromSeconds(300),
    };

    [Theory]
    [InlineData("car/00000001.track")]
    [InlineData("car/00000024.track")]
    [InlineData("car/00000037.track")]
    [InlineData("car/00000043.track")]
    [InlineData("car/00000055.track")]
    [InlineData("car/00000057.track")]
    [InlineData("car/00000078.track")]
    [InlineData("car/00000087.track")]
    [InlineData("car/00000098.track")]
    [InlineData("car/00000099.track")]
    [InlineData("car/munich-barefoot-001.json")]
    [InlineData("car/munich-barefoot-015.json")]
    public void Stops_are_where_the_independent_tool_sees_them(string recording)
    {
        var (positions, answer) = Recordings.Read(recording);
        Assert.True(answer.GetProperty("stay_points").GetProperty("robust").GetBoolean());
        var known = answer.GetProperty("stay_points").GetProperty("at_50m_120s").EnumerateArray()
            .Select(s => new RouteStop(
                At(s.GetProperty("start").GetDouble()), At(s.GetProperty("end").GetDouble()),
                s.GetProperty("lat").GetDouble(), s.GetProperty("lon").GetDouble())).ToList();
        var found = Drive.Detect(positions, _asInAnswers).OfType<RouteStop>().ToList();

        Assert.Equal(known.Count, found.Count);
        Assert.All(known.Zip(found), pair =>
        {
            Assert.InRange((pair.First.To - pair.Second.To).TotalSeconds, -30, 30);
            // The receiver may have woken at the place where it went to sleep.
            var earliest = StartsAfterSleep(positions, pair.First) ? double.MaxValue : 30;
            Assert.InRange((pair.First.From - pair.Second.From).TotalSeconds, -30, earliest);
            Assert.InRange(Ellipsoid.Distance(Place(pair.First), Place(pair.Second)), 0, 30);
        });
    }

    [Theory]
    [InlineData("car/00000001.track")]
    [InlineData("car/00000055.track")]
    [InlineData("car/00000087.track")]
    [InlineData("car/munich-barefoot-001.json")]
    [InlineData("car/munich-barefoot-015.json")]
    public void A_drive_without_a_stop_is_one_trip_of_its_whole_length(string recording)
    {
        var (positions, answer) = Recordings.Read(recording);
        var trip = Assert.IsType<RouteTrip>(Assert.Single(Drive.Detect(positions)));
        Assert.Equal((positions[0].FixTime, positions[^1].FixTime), (trip.From, trip.To));
        Assert.Equal(
            answer.GetProperty("after_sort_and_dedupe").GetProperty("length_m_geodesic").GetDouble(), trip.Distance, 0.06);
    }

    private static bool StartsAfterSleep(IReadOnlyList<Position> positions, RouteStop stop)
    {
        var first = positions.TakeWhile(p => p.FixTime < stop.From).LastOrDefault();
        return stop.From - first.FixTime > TimeSpan.FromSeconds(300);
    }

    private static Position Place(RouteStop stop) => new(stop.Latitude, stop.Longitude, default);

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}

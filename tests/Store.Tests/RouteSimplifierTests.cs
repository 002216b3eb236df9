using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Fewer positions, the same line.</summary>
public sealed class RouteSimplifierTests
{
    [Theory]
    [InlineData("car/00000001.track", 5, 0.25)]
    [InlineData("car/00000015.track", 10, 0.1)]
    [InlineData("car/00000098.track", 20, 0.1)]
    [InlineData("bike/garmin-edge-500-activity.gpx", 10, 0.1)]
    [InlineData("dateline/iceberg-b41-ascat.csv", 2_000, 0.8)]
    public void A_recording_stays_within_the_tolerance_with_fewer_positions(string recording, double tolerance, double share)
    {
        var (positions, _) = Recordings.Read(recording);
        var kept = Simplify(positions, tolerance);
        Assert.InRange(kept.Count, 2, (int)(positions.Count * share));
        Assert.Equal((positions[0], positions[^1]), (kept[0], kept[^1]));

        // Every position against the part of the line that was drawn over it.
        var next = 1;
        foreach (var position in positions)
        {
            while (kept[next].FixTime < position.FixTime)
            {
                next++;
            }

            Assert.InRange(Aside(kept[next - 1], kept[next], position), 0, tolerance * 1.06);
        }
    }

    [Fact]
    public void A_straight_line_needs_the_ends_of_its_windows_only()
    {
        var line = Enumerable.Range(0, 2_500).Select(i => At(i, 48 + (i / 1e5), 11 + (i / 1e5))).ToList();
        Assert.Equal([line[0], line[999], line[1_998], line[2_499]], Simplify(line, 1));
    }

    [Fact]
    public void A_line_over_the_date_line_is_straight()
    {
        var line = Enumerable.Range(0, 100).Select(i => At(i, 0, i < 50 ? 179.95 + (i / 1e3) : -180.05 + (i / 1e3))).ToList();
        Assert.Equal([line[0], line[^1]], Simplify(line, 1));
    }

    [Fact]
    public void A_corner_stays()
    {
        Position[] corner = [At(0, 0, 0), At(1, 0, 0.001), At(2, 0, 0.002), At(3, 0.001, 0.002), At(4, 0.002, 0.002)];
        Assert.Equal([corner[0], corner[2], corner[4]], Simplify(corner, 5));
    }

    [Fact]
    public void Nothing_one_and_a_place_that_does_not_change_are_no_trouble()
    {
        Assert.Empty(Simplify([], 5));
        Assert.Single(Simplify([At(0, 1, 1)], 5));
        Assert.Equal(2, Simplify([At(0, 1, 1), At(1, 1, 1)], 5).Count);
        Assert.Equal(2, Simplify([.. Enumerable.Range(0, 900).Select(i => At(i, 1, 1))], 5).Count);
    }

    private static List<Position> Simplify(IEnumerable<Position> positions, double tolerance)
    {
        var kept = new List<Position>();
        var simplifier = new RouteSimplifier(tolerance, point => kept.Add(point.Position));
        foreach (var position in positions)
        {
            simplifier.Add(new RoutePoint(position, position.FixTime, PositionRole.Device));
        }

        simplifier.Finish();
        return kept;
    }

    // How far a position is from the straight line on the map, in metres at its own place.
    private static double Aside(Position from, Position to, Position position)
    {
        var scale = Math.Cos(double.DegreesToRadians(position.Latitude)) * 111_200;
        double X(Position p) => Math.IEEERemainder(p.Longitude - from.Longitude, 360) * scale;
        double Y(Position p) => (p.Latitude - from.Latitude) * 111_200;
        var (dx, dy, px, py) = (X(to), Y(to), X(position), Y(position));
        var square = (dx * dx) + (dy * dy);
        var t = square == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / square, 0, 1);
        return Math.Sqrt(Math.Pow(px - (t * dx), 2) + Math.Pow(py - (t * dy), 2));
    }

    private static Position At(int second, double latitude, double longitude) =>
        new(latitude, longitude, DateTimeOffset.UnixEpoch.AddSeconds(second));
}

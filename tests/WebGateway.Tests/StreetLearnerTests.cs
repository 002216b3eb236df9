using ArtMqtt.Contracts.Positions;
using ArtMqtt.WebGateway.Streets;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Streets come from drives of several devices, and from nothing else.</summary>
public sealed class StreetLearnerTests
{
    private const double MetresPerDegree = 111_200;
    private const double Latitude = 48.2;
    private const double Longitude = 11.5;
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_street_is_where_enough_devices_have_driven_and_no_drive_alone_is_seen()
    {
        var learner = new StreetLearner(minDevices: 3, maxCells: 100_000);
        for (var device = 0; device < 4; device++)
        {
            // To the east, each lane and receiver a little beside the next, there and back.
            learner.Add(device, Drive(device, 10, (0, 0), (1_000, 0)));
            learner.Add(device, Drive(device + 10, 10, (1_000, 0), (0, 0)));
        }

        // Home, day after day.
        for (var day = 0; day < 20; day++)
        {
            learner.Add(0, Drive(day, 10, (500, 0), (500, 400)));
        }

        var streets = learner.Learn().ToList();

        Assert.All(streets.SelectMany(street => street.Line), place => Assert.InRange(NorthOf(place), -15, 15));
        Assert.InRange(streets.Sum(Length), 900, 1_150);
        Assert.All(streets, street => Assert.Equal(2, street.Class));
    }

    [Fact]
    public void A_crossing_has_four_arms_and_a_fast_road_is_a_main_road()
    {
        var learner = new StreetLearner(minDevices: 2, maxCells: 100_000);
        for (var device = 0; device < 5; device++)
        {
            learner.Add(device, Drive(device, 25, (-600, 0), (600, 0)));
            learner.Add(device, Drive(device + 5, 12, (0, -600), (0, 600)));
        }

        var streets = learner.Learn().Where(street => Length(street) > 100).ToList();

        Assert.Equal(4, streets.Count);
        Assert.Equal([0, 0, 1, 1], streets.Select(street => street.Class).Order());
    }

    [Fact]
    public void A_ring_is_closed_once()
    {
        var learner = new StreetLearner(minDevices: 2, maxCells: 100_000);
        for (var device = 0; device < 3; device++)
        {
            learner.Add(device, Drive(device, 10, (0, 0), (300, 0), (300, 300), (0, 300), (0, 0)));
        }

        Assert.InRange(learner.Learn().Sum(Length), 1_000, 1_300);
    }

    [Theory]
    [InlineData(500, 10)]
    [InlineData(100, 60)]
    [InlineData(2, 2)]
    public void What_may_have_been_another_way_or_no_way_teaches_nothing(double metres, double seconds)
    {
        var learner = new StreetLearner(minDevices: 2, maxCells: 100_000);
        for (var device = 0; device < 5; device++)
        {
            learner.Add(device, [.. Enumerable.Range(0, 10).Select(i => At(i * metres, 0, _start.AddSeconds(i * seconds)))]);
        }

        Assert.Empty(learner.Learn());
    }

    [Fact]
    public void What_it_keeps_in_mind_is_bounded()
    {
        var learner = new StreetLearner(minDevices: 2, maxCells: 10);
        for (var device = 0; device < 3; device++)
        {
            learner.Add(device, Drive(0, 10, (0, 0), (2_000, 0)));
        }

        Assert.InRange(learner.Learn().Sum(Length), 100, 250);
    }

    // A position each second; the seed decides how far beside the middle it is driven, 6 m at most.
    private static List<Position> Drive(int seed, double speed, params (double East, double North)[] corners)
    {
        var random = new Random(seed);
        var (lane, places) = ((random.NextDouble() * 6) - 3, new List<Position>());
        foreach (var ((fromEast, fromNorth), (toEast, toNorth)) in corners.Zip(corners.Skip(1)))
        {
            var steps = (int)(Math.Max(Math.Abs(toEast - fromEast), Math.Abs(toNorth - fromNorth)) / speed);
            for (var step = 0; step <= steps; step++)
            {
                var share = step / (double)steps;
                var (east, north) = (fromEast + ((toEast - fromEast) * share), fromNorth + ((toNorth - fromNorth) * share));
                places.Add(At(
                    east + lane + (random.NextDouble() * 3), north + lane + (random.NextDouble() * 3),
                    _start.AddSeconds(places.Count)));
            }
        }

        return places;
    }

    private static Position At(double east, double north, DateTimeOffset time) => new(
        Latitude + (north / MetresPerDegree),
        Longitude + (east / MetresPerDegree / Math.Cos(double.DegreesToRadians(Latitude))), time);

    private static double NorthOf(StreetPoint place) => (place.Latitude - Latitude) * MetresPerDegree;

    private static double Length(Street street) => street.Line.Zip(street.Line.Skip(1)).Sum(step => double.Hypot(
        (step.Second.Latitude - step.First.Latitude) * MetresPerDegree,
        (step.Second.Longitude - step.First.Longitude) * MetresPerDegree * Math.Cos(double.DegreesToRadians(Latitude))));
}

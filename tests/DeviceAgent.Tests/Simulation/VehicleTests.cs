using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.DeviceAgent.Tests.Simulation;

public sealed class VehicleTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<double, double> Places => new()
    {
        { 48.137, 11.575 }, { 0, 0 }, { -16.8, 179.99 }, { 78.22, 15.65 }, { -33.9, -180 }, { 89.95, 10 },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void Drives_within_the_limits_and_near_the_streets(double latitude, double longitude)
    {
        var network = StreetNetwork.Create(latitude, longitude, seed: 1);
        var (fixes, speeds, places) = Drive(network, seed: 5, seconds: 3600);

        Assert.All(fixes, fix => Assert.True(PositionRules.IsValid(fix, out var error), error.Detail));
        Assert.All(speeds, speed => Assert.InRange(speed, 0, 50 / 3.6 + 0.001));
        Assert.All(speeds.Zip(speeds.Skip(1)), pair =>
            Assert.InRange(pair.Second - pair.First, -Driver.HardBraking - 0.01, Driver.Acceleration + 0.01));
        Assert.All(places.Where((_, i) => i % 10 == 0), place => Assert.InRange(DistanceToStreets(network, place), 0, 0.01));
        Assert.All(
            fixes.Zip(fixes.Skip(1)).Where(p => p.Second.FixTime - p.First.FixTime == TimeSpan.FromSeconds(1)),
            pair => Assert.InRange(Metres(pair.First, pair.Second), 0, 14 + (2 * GpsNoise.MaxError)));
        Assert.Contains(speeds, s => s > 12);
        Assert.True(fixes.Count < 3600, "There are tunnels.");
        Assert.True(fixes.Count > 3000);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Reports_a_place_near_the_true_one_and_a_heading_that_fits_the_way(double latitude, double longitude)
    {
        var network = StreetNetwork.Create(latitude, longitude, seed: 2);
        var vehicle = new Vehicle(network, 3);
        var errand = new Errand(network, vehicle);
        var (before, headingBefore, compared) = (vehicle.Place, -1f, 0);
        for (var i = 0; i < 1200; i++)
        {
            errand.Decide();
            var fix = vehicle.Advance(_start.AddSeconds(i));
            if (fix is { } position)
            {
                var (trueLatitude, trueLongitude) = network.Plane.ToDegrees(vehicle.Place);
                Assert.InRange(
                    Metres(position, new Position(trueLatitude, trueLongitude, default)), 0, 1.5 * GpsNoise.MaxError);
                Assert.InRange(position.Speed!.Value - vehicle.Speed, -0.5, 0.5);
                if (vehicle.Place.DistanceTo(before) > 3 && Math.Abs(position.Heading!.Value - headingBefore) < 0.5)
                {
                    var turned = Bearing(network.Plane.ToDegrees(before), (trueLatitude, trueLongitude))
                        - position.Heading.Value;
                    Assert.InRange(Math.Abs(Math.IEEERemainder(turned, 360)), 0, 0.6);
                    compared++;
                }

                headingBefore = position.Heading!.Value;
            }

            before = vehicle.Place;
        }

        Assert.True(compared > 300);
    }

    [Fact]
    public void Stands_at_lights_and_slows_down_in_turns()
    {
        var network = StreetNetwork.Create(48.137, 11.575, seed: 1);
        var vehicle = new Vehicle(network, 5);
        var route = RouteFinder.FindOfLength(network, vehicle.Crossing, 6000, 12000, vehicle.Random);
        vehicle.Follow(route);
        var stops = 0;
        var before = 1.0;
        while (!vehicle.IsStanding)
        {
            vehicle.Advance(_start);
            stops += vehicle.Speed == 0 && before > 0 ? 1 : 0;
            before = vehicle.Speed;
        }

        Assert.InRange(stops, 2, 40);
        Assert.True(vehicle.Place.DistanceTo(route.End.Place) < 1);
        Assert.Contains(route.Turns, turn => turn.Speed < 7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_trip_across_the_city_lasts_a_quarter_of_an_hour(int seed)
    {
        var network = StreetNetwork.Create(41.9028, 12.4964, seed);
        var vehicle = new Vehicle(network, seed, network.Crossings.MinBy(c => c.Place.East + c.Place.North));
        vehicle.Follow(RouteFinder.FindOfLength(network, vehicle.Crossing, 12_000, 16_000, vehicle.Random));
        while (!vehicle.IsStanding)
        {
            vehicle.Advance(_start);
        }

        Assert.InRange(vehicle.Seconds, 15 * 60, 45 * 60);
    }

    [Fact]
    public void Is_the_same_for_the_same_seed_and_another_for_another()
    {
        var network = StreetNetwork.Create(48.137, 11.575, seed: 1);
        var again = StreetNetwork.Create(48.137, 11.575, seed: 1);

        var first = Drive(network, 7, 300).Fixes;

        Assert.Equal(first, Drive(again, 7, 300).Fixes);
        Assert.NotEqual(first, Drive(network, 8, 300).Fixes);
        Assert.NotEqual(first, Drive(StreetNetwork.Create(48.137, 11.575, seed: 2), 7, 300).Fixes);
    }

    [Fact]
    public void The_receivers_error_wanders_instead_of_jumping()
    {
        var noise = new GpsNoise(new Random(1));
        var errors = Enumerable.Range(0, 5000).Select(_ =>
        {
            noise.Advance();
            return noise.Error;
        }).ToArray();

        var step = errors.Zip(errors.Skip(1)).Average(p => p.First.DistanceTo(p.Second));
        var far = errors.Zip(errors.Skip(200)).Average(p => p.First.DistanceTo(p.Second));
        Assert.InRange(step, 0.2, 1.2);
        Assert.InRange(far, 3, 7);
        Assert.All(errors, e => Assert.InRange(e.Length, 0, 1.5 * GpsNoise.MaxError));
    }

    private static (List<Position> Fixes, List<double> Speeds, List<PlanePoint> Places) Drive(
        StreetNetwork network, int seed, int seconds)
    {
        var vehicle = new Vehicle(network, seed);
        var errand = new Errand(network, vehicle);
        var (fixes, speeds, places) = (new List<Position>(), new List<double>(), new List<PlanePoint>());
        for (var i = 0; i < seconds; i++)
        {
            errand.Decide();
            if (vehicle.Advance(_start.AddSeconds(i)) is { } fix)
            {
                fixes.Add(fix);
            }

            speeds.Add(vehicle.Speed);
            places.Add(vehicle.Place);
        }

        return (fixes, speeds, places);
    }

    private static double DistanceToStreets(StreetNetwork network, PlanePoint place) => network.Pieces.Min(piece =>
    {
        var along = piece.To.Place - piece.From.Place;
        var offset = place - piece.From.Place;
        var share = Math.Clamp(
            ((offset.East * along.East) + (offset.North * along.North)) / (along.Length * along.Length), 0, 1);
        return place.DistanceTo(piece.From.Place + (along * share));
    });

    private static double Bearing((double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        var (lat1, lat2) = (double.DegreesToRadians(from.Latitude), double.DegreesToRadians(to.Latitude));
        var dLng = double.DegreesToRadians(to.Longitude - from.Longitude);
        return double.RadiansToDegrees(Math.Atan2(
            Math.Sin(dLng) * Math.Cos(lat2),
            (Math.Cos(lat1) * Math.Sin(lat2)) - (Math.Sin(lat1) * Math.Cos(lat2) * Math.Cos(dLng))));
    }

    private static double Metres(Position a, Position b)
    {
        var (lat1, lat2) = (double.DegreesToRadians(a.Latitude), double.DegreesToRadians(b.Latitude));
        var dLat = lat2 - lat1;
        var dLng = double.DegreesToRadians(b.Longitude - a.Longitude);
        var h = Math.Pow(Math.Sin(dLat / 2), 2) + (Math.Cos(lat1) * Math.Cos(lat2) * Math.Pow(Math.Sin(dLng / 2), 2));
        return 2 * LocalPlane.EarthRadius * Math.Asin(Math.Sqrt(h));
    }
}

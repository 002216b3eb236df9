using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>
/// Straight distance × how much longer the fleet's ways are × the pace to expect along the line, corrected by how this
/// drive has gone so far. No I/O, no state; why so: docs/adr/0017-eta.md, how good: docs/eta.md.
/// </summary>
internal static class EtaEstimator
{
    /// <summary>The pace comes from the fleet's own drives there.</summary>
    public const string History = "history";

    /// <summary>Nothing is known of the place: the pace comes from this drive, and from roads in general.</summary>
    public const string Recent = "recent";

    /// <summary>Metres between two looks at the way; shorter than a cell.</summary>
    private const double SampleEvery = 350;
    private const int MaxSamples = 200;

    // Trips of a class that weigh as much as what holds for roads in general.
    private const double TripTrust = 20;

    // What roads in general are like: metres driven per metre in a straight line, a tenth below, the middle, a tenth above.
    private const double LowDetour = 1.1;
    private const double Detour = 1.3;
    private const double HighDetour = 1.7;

    // Seconds of expected driving that weigh as much as all that this drive has shown.
    private const double HistoryTrust = 300;
    private const double RecentTrust = 40;

    // How fast what this drive has shown is forgotten while looking back, seconds.
    private const double Memory = 1_200;

    // How far what this drive has shown reaches ahead where the place has a history, seconds.
    private const double Reach = 1_800;

    // A tenth of a normal distribution is beyond so many deviations.
    private const double Tenth = 1.2816;

    // Kilometres per hour on the way, by the class of the straight distance: who goes far takes faster roads.
    private static readonly double[] _usualSpeeds = [22, 25, 30, 36, 45, 58, 75];

    /// <summary>The cells in which the pace matters: along the line, and where the operator has driven.</summary>
    public static IEnumerable<int> CellsOf(EtaQuery query) => Line(query).Concat(query.Drive.Legs.Select(leg => leg.Cell));

    /// <summary>The estimate.</summary>
    public static EtaEstimate Estimate(EtaQuery query, KnownSpeeds speeds, TripWays ways)
    {
        var straight = Straight(query);
        var trips = ways.Find(straight) ?? new TripClass(0, LowDetour, Detour, HighDetour, 0);
        var share = trips.Trips / (trips.Trips + TripTrust);
        var detour = double.Lerp(Detour, trips.Detour, share);
        var fleetPace = double.Lerp(3.6 / _usualSpeeds[TripWays.ClassOf(straight)], trips.Pace, share);

        var (pace, known, variance) = PaceAlong(query, speeds, fleetPace);
        var distance = straight * detour;
        var usual = distance * pace;
        var seconds = usual * Correction(query.Drive, speeds, fleetPace, usual, known);

        var deviation = Tenth * PaceDeviation(distance, known, variance);
        var low = Math.Log(detour / double.Lerp(LowDetour, trips.LowDetour, share));
        var high = Math.Log(double.Lerp(HighDetour, trips.HighDetour, share) / detour);
        return new EtaEstimate(
            seconds, seconds * Math.Exp(-double.Hypot(low, deviation)), seconds * Math.Exp(double.Hypot(high, deviation)),
            distance, known >= 0.5 ? History : Recent);
    }

    private static double Straight(EtaQuery query) => Ellipsoid.Distance(
        Ellipsoid.ToGeocentric(query.FromLat, query.FromLng), Ellipsoid.ToGeocentric(query.ToLat, query.ToLng));

    private static IEnumerable<int> Line(EtaQuery query)
    {
        var count = Math.Clamp((int)Math.Ceiling(Straight(query) / SampleEvery), 1, MaxSamples);
        var east = Math.IEEERemainder(query.ToLng - query.FromLng, 360);
        for (var i = 0; i < count; i++)
        {
            var part = (i + 0.5) / count;
            yield return SpeedGrid.CellOf(
                double.Lerp(query.FromLat, query.ToLat, part), query.FromLng + (east * part));
        }
    }

    private static CellPace PaceAlong(EtaQuery query, KnownSpeeds speeds, double fleetPace)
    {
        var (pace, known, variance, count) = (0.0, 0.0, 0.0, 0);
        foreach (var cell in Line(query))
        {
            var found = speeds.Find(cell, fleetPace);
            pace += found.Pace;
            known += found.Known;
            variance += found.RelativeVariance;
            count++;
        }

        return new CellPace(pace / count, known / count, variance / count);
    }

    // How much slower than usual this drive has been, as far as that is worth for the rest of it.
    private static double Correction(
        DrivenPart drive, KnownSpeeds speeds, double fleetPace, double usual, double known)
    {
        var (actual, expected, age) = (drive.Pending, 0.0, drive.Pending);
        for (var i = drive.Legs.Count - 1; i >= 0; i--)
        {
            var leg = drive.Legs[i];
            var weight = Math.Exp(-age / Memory);
            actual += weight * leg.Seconds;
            expected += weight * leg.Distance * speeds.Find(leg.Cell, fleetPace).Pace;
            age += leg.Seconds;
        }

        var trust = double.Lerp(RecentTrust, HistoryTrust, known);
        var ratio = (actual + trust) / (expected + trust);
        var reach = usual <= 0 ? 1 : Reach / usual * (1 - Math.Exp(-usual / Reach));
        return 1 + ((ratio - 1) * double.Lerp(1, reach, known));
    }

    // What differs from one traversal to the next evens out on a long way; what the day and the driver bring does not.
    private static double PaceDeviation(double distance, double known, double variance)
    {
        var common = double.Lerp(0.35, 0.20, known);
        return Math.Sqrt((common * common) + (variance * Math.Min(1, 700 / Math.Max(distance, 1))));
    }
}

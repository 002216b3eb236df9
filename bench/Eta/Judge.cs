using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Speeds;
using ArtMqtt.WebGateway.Eta;

namespace ArtMqtt.Eta.Bench;

/// <summary>Asks every method at 25, 50 and 75 % of every drive, and compares with when it arrived.</summary>
internal static class Judge
{
    private static readonly int[] _percents = [25, 50, 75];

    /// <summary>All groups, parts of the way and methods.</summary>
    public static IEnumerable<Judged> All(IReadOnlyList<Drive> drives) => drives.GroupBy(drive => drive.Group)
        .SelectMany(group => _percents.SelectMany(percent => Group([.. group], percent)));

    private static IEnumerable<Judged> Group(IReadOnlyList<Drive> drives, int percent) => drives
        .SelectMany(drive => Ask(drives, drive, drive.IndexAt(percent / 100.0)))
        .GroupBy(answer => answer.Method)
        .Select(method => Of(drives[0].Group, percent, method.Key, [.. method]));

    private static IEnumerable<(string Method, double Left, double Said, bool? InBand)> Ask(
        IReadOnlyList<Drive> all, Drive drive, int at)
    {
        var (here, end) = (drive.Positions[at], drive.Positions[^1]);
        var left = (end.FixTime - here.FixTime).TotalSeconds;
        var straight = Ellipsoid.Distance(here, end);
        var soFar = drive.DrivenAt(at) / (here.FixTime - drive.Positions[0].FixTime).TotalSeconds;
        yield return ("straight line / current speed", left, straight / Math.Max(1, SpeedAt(drive.Positions, at)), null);
        yield return ("straight line / mean speed so far", left, straight / soFar, null);
        yield return ("1.3 x straight line / mean speed so far", left, 1.3 * straight / soFar, null);

        var query = new EtaQuery(
            here.Latitude, here.Longitude, end.Latitude, end.Longitude, here.FixTime, DrivenPartOf(drive.Positions, at));
        var without = EtaEstimator.Estimate(query, KnownSpeeds.None, TripWays.None);
        yield return ("ours without history", left, without.Seconds, IsIn(without, left));
        var ways = EtaEstimator.Estimate(query, KnownSpeeds.None, Learned.Ways(all, drive));
        yield return ("ours with trips only", left, ways.Seconds, IsIn(ways, left));
        var with = EtaEstimator.Estimate(query, Learned.Speeds(all, drive), Learned.Ways(all, drive));
        yield return ("ours with history", left, with.Seconds, IsIn(with, left));
    }

    private static bool? IsIn(EtaEstimate estimate, double left) => left >= estimate.Low && left <= estimate.High;

    private static DrivenPart DrivenPartOf(IReadOnlyList<Position> positions, int at)
    {
        var drive = new DriveSoFar();
        foreach (var position in positions.Take(at + 1))
        {
            drive.Add(position);
        }

        return drive.Snapshot(positions[at].FixTime);
    }

    // As reported, or over the last five seconds or the last step.
    private static double SpeedAt(IReadOnlyList<Position> positions, int at)
    {
        if (positions[at].Speed is { } reported)
        {
            return reported;
        }

        var before = at - 1;
        while (before > 0 && (positions[at].FixTime - positions[before].FixTime).TotalSeconds < 5)
        {
            before--;
        }

        var seconds = (positions[at].FixTime - positions[before].FixTime).TotalSeconds;
        return seconds <= 0 ? 0 : Ellipsoid.Distance(positions[before], positions[at]) / seconds;
    }

    private static Judged Of(
        string group, int percent, string method, IReadOnlyList<(string Method, double Left, double Said, bool? InBand)> answers) =>
        new(
            group, percent, method, answers.Count,
            Median(answers.Select(a => Math.Abs(a.Said - a.Left))),
            Median(answers.Select(a => 100 * Math.Abs(a.Said - a.Left) / a.Left)),
            Median(answers.Select(a => a.Said - a.Left)),
            answers[0].InBand is null ? null : 100.0 * answers.Count(a => a.InBand == true) / answers.Count);

    private static double Median(IEnumerable<double> numbers) => Quantiles.Of([.. numbers.Order()], 0.5);
}

using System.Diagnostics;
using System.Globalization;
using System.Text;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Bench;
using ArtMqtt.DeviceAgent.Filtering;

if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: DeviceAgent.Bench FOLDER-WITH-RECORDINGS [RESULT.md]");
    return 2;
}

var recordings = await Recording.ReadAllAsync(args[0]);
if (recordings.Count == 0)
{
    Console.Error.WriteLine($"{args[0]} holds no recordings (car/*.track, bike/*.gpx, nmea/*.nmea).");
    return 1;
}

var own = new FilterOptions();
(string Name, Func<FilterOptions?> Options, double Every)[] settings =
[
    ("every fix", () => null, 0),
    ("one in 2 s", () => null, 2),
    ("one in 10 s", () => null, 10),
    ("one in 30 s", () => null, 30),
    ("filter", () => own, 0),
    ("filter, watched (2 s, 5 m)", () => new DeviceControl(Guid.Empty, 2_000, 5).Apply(own), 0),
    ("filter, idle (30 s, 50 m)", () => new DeviceControl(null, 30_000, 50).Apply(own), 0),
];

var text = new StringBuilder();
foreach (var group in recordings.GroupBy(r => r.Group))
{
    var fixes = group.Sum(r => r.Fixes.Count);
    var hours = group.Sum(r => Cost.RadioSeconds(r.Fixes)) / 3600;
    text.Append(CultureInfo.InvariantCulture, $"\n**{group.Key}**: {group.Count()} recordings, {fixes} fixes, {hours:0.0} h\n\n")
        .Append("| | kept | KiB/h | radio on | from the line: median / 95 % / most, m | at the time: 95 %, m |\n")
        .Append("| --- | --- | --- | --- | --- | --- |\n");
    foreach (var (name, options, every) in settings)
    {
        var errors = new List<(double FromLine, double AtTime)>();
        var (count, bytes, radio) = (0L, 0L, 0.0);
        foreach (var recording in group)
        {
            var kept = Keep(recording.Fixes, options(), every);
            count += kept.Count;
            bytes += Cost.Bytes(kept);
            radio += Cost.RadioSeconds(kept);
            errors.AddRange(RouteError.Measure(recording.Fixes, kept));
        }

        var line = errors.Select(e => e.FromLine).Order().ToArray();
        var time = errors.Select(e => e.AtTime).Order().ToArray();
        text.Append(
            CultureInfo.InvariantCulture,
            $"| {name} | {100.0 * count / fixes:0.0} % | {bytes / 1024.0 / hours:0} | {100 * radio / 3600 / hours:0} % | ")
            .Append(CultureInfo.InvariantCulture, $"{At(line, 0.5):0.0} / {At(line, 0.95):0.0} / {At(line, 1):0} | {At(time, 0.95):0.0} |\n");
    }
}

var all = recordings.SelectMany(r => r.Fixes).ToArray();
var best = double.MaxValue;
for (var round = 0; round < 20; round++)
{
    var filter = new FixFilter(own);
    var started = Stopwatch.GetTimestamp();
    foreach (var fix in all)
    {
        filter.Judge(fix);
    }

    best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalNanoseconds / all.Length);
}

text.Append(CultureInfo.InvariantCulture, $"\nJudging one fix takes {best:0} ns here.\n");
Console.Write(text);
if (args.Length == 2)
{
    await File.WriteAllTextAsync(
        args[1], "# The device agent's filter: what it saves, and what it costs the route\n\n"
        + "Written by `bench/agent`; [what the figures mean](../README.md#benchagent).\n" + text);
}

return 0;

static List<Position> Keep(IReadOnlyList<Position> fixes, FilterOptions? options, double every)
{
    if (options is not null)
    {
        var filter = new FixFilter(options);
        return [.. fixes.Where(f => filter.Judge(f) == FilterVerdict.Kept)];
    }

    var kept = new List<Position>();
    foreach (var fix in fixes)
    {
        if (kept.Count == 0 || (fix.FixTime - kept[^1].FixTime).TotalSeconds >= every)
        {
            kept.Add(fix);
        }
    }

    return kept;
}

static double At(double[] sorted, double part) => sorted[(int)Math.Round((sorted.Length - 1) * part)];

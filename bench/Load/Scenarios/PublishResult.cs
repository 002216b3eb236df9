using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Scenarios;

/// <summary>What came of a <see cref="PublishScenario"/>; totals include the warm-up, the rate does not.</summary>
internal sealed record PublishResult(
    string Name, int Devices, int InFlight, long Sent, long Acknowledged, long Delivered,
    IReadOnlyDictionary<string, long> Refused, IReadOnlyDictionary<string, int> ConnectionFailures,
    MeasuredRate Rate, StoredResult? Stored)
{
    /// <summary>Whether nothing was refused, lost or left over.</summary>
    public bool IsComplete(int subscribers) =>
        ConnectionFailures.Count == 0 && Acknowledged == Sent && Sent > 0
        && (subscribers == 0 || Delivered == Sent * subscribers)
        && Stored is null or { IsExact: true };

    /// <summary>The result as a table.</summary>
    public IEnumerable<(string Label, string Value)> Rows()
    {
        yield return ("run", Name);
        yield return ("devices x in flight", $"{Devices} x {InFlight}");
        yield return ("measured", $"{Rate.Seconds:F1} s");
        yield return ("acknowledged", $"{Rate.AcknowledgedPerSecond:N0}/s");
        if (Delivered > 0)
        {
            yield return ("delivered to subscribers", $"{Rate.DeliveredPerSecond:N0}/s");
        }

        if (Stored is not null)
        {
            yield return ("stored, until the spool was empty", $"{Stored.PerSecond:N0}/s");
            yield return ("from the last PUBACK to the last row", $"{Stored.DrainSeconds:F2} s");
            yield return ("stored in that time", $"{Stored.DrainPerSecond:N0}/s");
            yield return ("rows = acknowledged", $"{Stored.Rows:N0} {(Stored.IsExact ? "yes" : "NO")}");
        }

        foreach (var row in Report.Rows("publish to PUBACK", Rate.PublishToPubAck))
        {
            yield return row;
        }

        yield return ("generator", $"{Rate.GeneratorMicrosecondsPerPosition:F2} us/position");
        yield return ("generator", $"{Rate.GeneratorCores:F2} cores");
        foreach (var (name, use) in Rate.Processes)
        {
            yield return (name, $"{use.MicrosecondsPerPosition:F2} us/position");
            yield return (name, $"{use.Cores:F2} cores");
            yield return (name, $"{use.PeakMemoryMb:F0} MiB at most");
        }

        yield return ("sent / acknowledged in total", $"{Sent:N0} / {Acknowledged:N0}");
        foreach (var (code, count) in Refused)
        {
            yield return ($"refused with {code}", $"{count:N0}");
        }

        foreach (var (why, count) in ConnectionFailures)
        {
            yield return ($"connection ended: {why}", $"{count:N0}");
        }
    }
}

/// <summary>What arrived in the hypertable.</summary>
/// <param name="Rows">Rows in the end.</param>
/// <param name="IsExact">Whether that is what was acknowledged.</param>
/// <param name="IsDrained">Whether the newest position of every device arrived in time.</param>
/// <param name="DrainSeconds">From the last PUBACK to the last row.</param>
/// <param name="DrainPerSecond">Rows per second in that time: ingest when nobody publishes.</param>
/// <param name="PerSecond">Rows divided by the time from the first publish to the last row.</param>
internal sealed record StoredResult(
    long Rows, bool IsExact, bool IsDrained, double DrainSeconds, double DrainPerSecond,
    double PerSecond);

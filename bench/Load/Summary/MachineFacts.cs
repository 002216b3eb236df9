using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ArtMqtt.Load.Measure;
using Npgsql;

namespace ArtMqtt.Load.Summary;

/// <summary>What a figure depends on; nothing that names a machine or a path.</summary>
internal static class MachineFacts
{
    private const int Syncs = 400;

    /// <summary>Those that need no database and no disk.</summary>
    public static SortedDictionary<string, string> Basic() => new(StringComparer.Ordinal)
    {
        ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        ["memory"] = $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB",
        ["architecture"] = RuntimeInformation.OSArchitecture.ToString(),
        ["kernel"] = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        [".NET"] = Environment.Version.ToString(),
    };

    /// <summary>Collects them.</summary>
    /// <param name="folder">Where the node kept its data: its disk is measured.</param>
    /// <param name="database">Connection string of the database.</param>
    /// <param name="more">Facts the caller knows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SortedDictionary<string, string>> CollectAsync(
        string folder, string database, IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken)
    {
        var facts = Basic();
        facts["write + fsync of 4 KiB, median"] = $"{MeasureSync(folder):F2} ms";
        await using var dataSource = NpgsqlDataSource.Create(database);
        facts["PostgreSQL"] = await AskAsync(dataSource, "SHOW server_version", cancellationToken);
        facts["TimescaleDB"] = await AskAsync(
            dataSource, "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'", cancellationToken);
        foreach (var (name, value) in more)
        {
            facts[name] = value;
        }

        return facts;
    }

    private static async Task<string> AskAsync(NpgsqlDataSource dataSource, string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync(cancellationToken) ?? "unknown";
    }

    private static double MeasureSync(string folder)
    {
        var path = Path.Combine(folder, $"sync-{Environment.ProcessId}");
        var block = new byte[4096];
        var latency = new Histogram();
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, options: FileOptions.DeleteOnClose);
        for (var i = 0; i < Syncs; i++)
        {
            var started = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, block, (long)i * block.Length);
            RandomAccess.FlushToDisk(file);
            latency.Record(started, Stopwatch.GetTimestamp());
        }

        return latency.PercentileMs(0.5);
    }
}

using System.Diagnostics;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;
using ArtMqtt.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Ingest.Bench;

/// <summary>Ingest as it is in the node, in this process: from a spool on disk to the last acknowledged record.</summary>
internal sealed class IngestPath : IAsyncDisposable
{
    private readonly BenchSpool _spool;
    private readonly IHost _host;
    private long _appended;

    private IngestPath(BenchSpool spool, IHost host) => (_spool, _host) = (spool, host);

    public IServiceProvider Services => _host.Services;

    public static async Task<IngestPath> StartAsync(
        string database, string folder, int writers, CancellationToken cancellationToken)
    {
        var options = new SpoolOptions { Folder = folder, CapacityBytes = 8L << 30 };
        var spool = new BenchSpool(
            DurableSpool.Open(options, TimeProvider.System, NullLogger<DurableSpool>.Instance));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Timescale"] = database;
        builder.Configuration["Ingest:Writers"] = $"{writers}";
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<ISpool>(spool);
        builder.Services.AddStore();
        builder.AddIngest();
        var path = new IngestPath(spool, builder.Build());
        await path._host.StartAsync(cancellationToken);
        return path;
    }

    /// <summary>Fills the spool, then lets ingest empty it.</summary>
    /// <returns>Seconds from the first read to the last acknowledgement, and managed bytes allocated meanwhile.</returns>
    public async Task<(double Seconds, long Allocated)> RunAsync(
        Journey journey, int publishes, CancellationToken cancellationToken)
    {
        _spool.Close();
        // So many share an fsync.
        foreach (var group in Enumerable.Range(0, publishes).Chunk(5_000))
        {
            await Task.WhenAll(group.Select(_ => _spool
                .AppendAsync(SpoolRecord.Encode(journey.Next()), cancellationToken).AsTask()));
        }

        _appended += publishes;
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        _spool.Open();
        while (_spool.Acknowledged < _appended)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }

        return (Stopwatch.GetElapsedTime(started).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await _spool.DisposeAsync();
    }
}

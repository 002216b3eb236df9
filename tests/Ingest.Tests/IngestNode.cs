using System.Diagnostics.Metrics;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;
using ArtMqtt.Store;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>A host with store and ingest, registered as in the node, on a spool of the test.</summary>
internal sealed class IngestNode : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly IHost _host;

    public IngestNode(string connectionString, ISpool spool, params (string Key, string Value)[] settings)
        : this(connectionString, spool, TimeProvider.System, settings)
    {
    }

    public IngestNode(
        string connectionString, ISpool spool, TimeProvider time, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Timescale"] = connectionString;

        // What the tests write is of Start, and none of it may grow too old while they look.
        builder.Configuration["Ingest:Retention:DeadLetters"] = "36500.00:00:00";
        builder.Configuration["Ingest:Retention:CustomerPositions"] = "36500.00:00:00";
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddSingleton(spool);
        builder.Services.AddSingleton(time);
        builder.Services.AddStore();
        builder.AddIngest();
        _host = builder.Build();
        AnySpool = spool;
        Measured = new Measurements(_host.Services.GetRequiredService<IMeterFactory>());
    }

    public ISpool AnySpool { get; }

    public Measurements Measured { get; }

    public TestSpool Spool => (TestSpool)AnySpool;

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public Task StoredAsync(long through) => Eventually.TrueAsync(
        () => AnySpool.Acknowledged >= through, TestContext.Current.CancellationToken);

    public async Task<HealthStatus> HealthAsync() => (await ReportAsync()).Status;

    /// <summary>Waits until a check is degraded for this reason.</summary>
    /// <returns>All it says.</returns>
    public async Task<string> DegradedAsync(string reason, string check = "ingest")
    {
        var text = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var entry = (await ReportAsync()).Entries[check];
                text = $"{entry.Status}: {entry.Description}";
                return entry.Status == HealthStatus.Degraded && text.Contains(reason, StringComparison.Ordinal);
            },
            TestContext.Current.CancellationToken);
        return text;
    }

    public Task HealthyAsync() => Eventually.TrueAsync(
        async () => await HealthAsync() == HealthStatus.Healthy, TestContext.Current.CancellationToken);

    public NpgsqlDataSource DataSource => _host.Services.GetRequiredService<NpgsqlDataSource>();

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>One publish of positions a second apart.</summary>
    public static ReceivedPositions Publish(int device, int from, int count = 1, double latitude = 48.1) => new(
        device, $"truck-{device}", PositionRole.Device, null, Start.AddSeconds(from),
        [.. Enumerable.Range(from, count)
            .Select(i => new ReceivedPosition(new Position(latitude, 11.5, Start.AddSeconds(i)), false))]);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        Measured.Dispose();
        _host.Dispose();
    }

    private Task<HealthReport> ReportAsync() =>
        _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
}

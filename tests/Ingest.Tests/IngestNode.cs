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
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Timescale"] = connectionString;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddSingleton(spool);
        builder.Services.AddStore();
        builder.AddIngest();
        _host = builder.Build();
        AnySpool = spool;
    }

    public ISpool AnySpool { get; }

    public TestSpool Spool => (TestSpool)AnySpool;

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public Task StoredAsync(long through) => Eventually.TrueAsync(
        () => AnySpool.Acknowledged >= through, TestContext.Current.CancellationToken);

    public async Task<HealthStatus> HealthAsync() => (await _host.Services.GetRequiredService<HealthCheckService>()
        .CheckHealthAsync(TestContext.Current.CancellationToken)).Status;

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = _host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
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
        _host.Dispose();
    }
}

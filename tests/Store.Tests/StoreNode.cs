using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Changes;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>A host with the store, registered as in the node.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private readonly IHost _host;

    public StoreNode(string connectionString, string? snapshotFile, params (string Key, string Value)[] settings)
        : this(connectionString, snapshotFile, null, settings)
    {
    }

    /// <param name="connectionString">The database.</param>
    /// <param name="snapshotFile">Where the fleet is kept.</param>
    /// <param name="changes">Is told of row changes; null when they are not followed.</param>
    /// <param name="settings">More of them.</param>
    public StoreNode(
        string connectionString, string? snapshotFile, IChangeConsumer? changes, (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:Timescale"] = connectionString;
        builder.Configuration["Store:FleetSnapshotFile"] = snapshotFile;
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Services.AddStore();
        if (changes is not null)
        {
            builder.Services.AddSingleton(changes).AddChangeFeed();
        }

        _host = builder.Build();
    }

    public IFleetDirectory Fleet => Get<IFleetDirectory>();

    /// <summary>What the health check of that name says.</summary>
    public async Task<HealthReportEntry> HealthAsync(string name) =>
        (await Get<HealthCheckService>().CheckHealthAsync(check => check.Name == name, TestContext.Current.CancellationToken)).Entries[name];

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public Task UntilSchemaIsThereAsync() =>
        Get<SchemaMigrator>().MigrateAsync(TestContext.Current.CancellationToken);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}

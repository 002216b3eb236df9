using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Fleet;
using ArtMqtt.Store.Positions;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Schema;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>A database of one test class, with the schema in it.</summary>
public sealed class StoreDatabase(TimescaleServer server) : IAsyncLifetime
{
    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public FleetDirectory Fleet { get; } = new();

    public DeviceRepository Devices => new(DataSource, Fleet);

    public RequestRepository Requests => new(DataSource, Fleet);

    public PositionWriter Positions => new(DataSource, TimeProvider.System);

    public RouteReader Routes => new(DataSource, DataSource);

    public DeadLetterWriter DeadLetters(int max) =>
        new(DataSource, Options.Create(new StoreOptions { MaxDeadLetters = max }));

    /// <summary>Writes as ingest does.</summary>
    public async Task<(int Written, int Duplicates, int Suspect)> WriteAsync(
        IReadOnlyList<ReceivedPositions> publishes, CancellationToken cancellationToken)
    {
        var all = publishes.Sum(publish => publish.Positions.Count);
        var written = await Positions.WriteAsync(PositionRows.Of(publishes).All, cancellationToken);
        var suspect = await Positions.WriteSuspectAsync(
            PositionRows.Of(publishes, isSuspect: true).All, cancellationToken);
        return (written, all - written - suspect, suspect);
    }

    public async ValueTask InitializeAsync()
    {
        DataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        await new SchemaMigrator(DataSource, NullLogger<SchemaMigrator>.Instance)
            .MigrateAsync(TestContext.Current.CancellationToken);
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}

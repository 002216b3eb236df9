using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ArtMqtt.Store.Changes;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Routes;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>A primary and a streaming replica of their own, because these tests take them away.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private static readonly DateTimeOffset _start = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);
    private readonly TimescaleServer _primary = new();
    private readonly ConcurrentQueue<object?> _opened = [];
    private readonly Changes _changes = new();
    private readonly MeterListener _listener = new();
    private ReplicaServer _replica = null!;
    private StoreNode _node = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var database = await _primary.CreateDatabaseAsync();
        _replica = await ReplicaServer.StartAsync(_primary);
        var both = new NpgsqlConnectionStringBuilder(database)
        {
            Host = $"127.0.0.1:{_primary.Port},127.0.0.1:{_replica.Port}",
            HostRecheckSeconds = 1,
        };
        _node = new StoreNode(both.ConnectionString, null, _changes, [("Store:ReplicaHosts", $"127.0.0.1:{_replica.Port}")]);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "artmqtt.store.history.connections")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _opened.Enqueue(tags[0].Value));
        _listener.Start();
        await _node.StartAsync();
        await _node.UntilSchemaIsThereAsync();
        await _node.ExecuteAsync("INSERT INTO devices (device_id, secret_hash) VALUES ('van-1', '\\x00')");
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _node.DisposeAsync();
        await _replica.DisposeAsync();
        await _primary.DisposeAsync();
    }

    [Fact]
    public async Task History_is_read_from_a_replica_that_answers_and_writes_follow_the_primary()
    {
        await UntilAsync(() => Task.FromResult(_changes.IsTold));
        await WriteAsync(1);
        await UntilRouteAsync(1);
        await UntilHealthAsync(HealthStatus.Healthy, "The replica is 0.0 s behind.");

        // What it has not replayed yet is not there: that is the price.
        await OnReplicaAsync("SELECT pg_wal_replay_pause()");
        await WriteAsync(2);
        Assert.Equal(1, await CountAsync());
        await OnReplicaAsync("SELECT pg_wal_replay_resume()");
        await UntilRouteAsync(2);
        Assert.DoesNotContain("primary", _opened);

        await _replica.StopAsync();
        await WriteAsync(3);
        await UntilRouteAsync(3);
        await UntilHealthAsync(HealthStatus.Degraded, "No replica answers (Store:ReplicaHosts); history is read from the primary.");
        Assert.Contains("primary", _opened);

        await _replica.StartAgainAsync();
        await UntilHealthAsync(HealthStatus.Healthy, "The replica is 0.0 s behind.");

        await _primary.StopAsync();
        await _replica.PromoteAsync();
        await UntilAsync(async () => await _node.Get<DeviceRepository>().CreateAsync("van-2", null, new byte[] { 1 }, Token) is not null);
        await UntilAsync(() => Task.FromResult(_node.Fleet.IsCurrent));
        await UntilRouteAsync(3);

        await UntilAsync(() => Task.FromResult(_changes.IsTold));
        await _node.Get<DeviceRepository>().CreateAsync("van-3", null, new byte[] { 1 }, Token);
        await UntilAsync(() => Task.FromResult(_changes.Rows.Any(row => row.Contains("van-3"))));
    }

    private Task WriteAsync(int number) => _node.ExecuteAsync($"""
        INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
        SELECT device_key, '2026-05-04 08:00Z'::timestamptz + {number} * interval '1 second', now(), 0, 48, 11
        FROM devices WHERE device_id = 'van-1'
        """);

    private Task<int> CountAsync() => _node.Get<RouteReader>().CountDeviceAsync(
        "van-1", new RouteSelection(_start, _start.AddMinutes(1), 100), Token);

    private Task UntilRouteAsync(int positions) => UntilAsync(async () => await CountAsync() == positions);

    private Task UntilHealthAsync(HealthStatus status, string words) => UntilAsync(async () =>
        await _node.HealthAsync("replica") is var health && (health.Status, health.Description) == (status, words));

    private async Task OnReplicaAsync(string sql)
    {
        var builder = new NpgsqlConnectionStringBuilder(_primary.ConnectionString) { Port = _replica.Port, Pooling = false };
        await using var source = NpgsqlDataSource.Create(builder);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    // A connection that breaks is an error for the one who has it; the next one finds the other server.
    private static Task UntilAsync(Func<Task<bool>> condition) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return await condition();
            }
            catch (Exception e) when (StoreErrors.IsOutage(e))
            {
                return false;
            }
        },
        Token);

    private sealed class Changes : IChangeConsumer
    {
        private volatile bool _isTold;

        public bool IsTold => _isTold;

        public ConcurrentQueue<IReadOnlyList<string?>> Rows { get; } = [];

        public Task Wanted => Task.CompletedTask;

        public void Begin() => _isTold = true;

        public void Change(RowChange change) => Rows.Enqueue(change.Row);

        public void Interrupt(bool isOff) => _isTold = false;
    }
}

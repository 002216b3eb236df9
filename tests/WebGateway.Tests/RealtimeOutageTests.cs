using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A server of its own, because these tests take it away.</summary>
public sealed class RealtimeOutageTests : IAsyncLifetime
{
    private const string Wish = """{"event":"UPDATE","schema":"public","table":"service_requests"}""";

    private readonly TimescaleServer _server = new();
    private readonly RealtimeGateway _gateway;

    public RealtimeOutageTests() => _gateway = new RealtimeGateway(_server);

    public ValueTask InitializeAsync() => _gateway.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Clients_are_told_that_changes_may_be_missing_when_the_database_restarts_and_go_on()
    {
        var (id, _, _) = await _gateway.CreateAssignedAsync();
        await _gateway.SettleAsync();
        await using var script = RealtimeScript.Start(
            "channel", _gateway, _gateway.Dispatcher.ToString(), $$"""{"changes":[{{Wish}}]}""");
        Assert.Equal("ok", (await script.NextAsync("system")).GetProperty("status").GetString());

        await _server.StopAsync();
        var lost = await script.NextAsync("system");
        Assert.Equal("error", lost.GetProperty("status").GetString());
        Assert.Contains("interrupted", lost.GetProperty("message").GetString(), StringComparison.Ordinal);
        await _server.StartAsync();

        var back = await script.NextAsync("system");
        Assert.Equal("ok", back.GetProperty("status").GetString());
        Assert.Matches(
            @"^Subscribed to PostgreSQL; changes since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z may have been missed",
            back.GetProperty("message").GetString());
        await _gateway.SetStatusAsync(id, "en_route");
        Assert.Equal("en_route", (await script.NextAsync("change")).GetProperty("new").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_lost_slot_is_replaced_and_told()
    {
        var (id, _, _) = await _gateway.CreateAssignedAsync();
        await _gateway.SettleAsync();
        await using var socket = await RealtimeSocket.ConnectAsync(_gateway, _gateway.Dispatcher.ToString());
        await socket.JoinAsync("realtime:x", Wish);
        await socket.ReadUntilAsync("system");

        Assert.True(await QueryAsync<bool>(
            "SELECT bool_or(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name LIKE 'artmqtt_changes_%'"));

        Assert.Equal("error", (await socket.ReadUntilAsync("system")).Payload.GetProperty("status").GetString());
        Assert.Equal("ok", (await socket.ReadUntilAsync("system")).Payload.GetProperty("status").GetString());
        await _gateway.SetStatusAsync(id, "en_route");
        await socket.ReadUntilAsync("postgres_changes");
        Assert.Equal(1, await QueryAsync<long>("SELECT count(*) FROM pg_replication_slots"));
    }

    [Fact]
    public async Task Nothing_is_kept_while_nobody_asks_nor_for_a_node_that_is_gone()
    {
        var another = await _gateway.StartAnotherAsync(("Gateway:Changes:Enabled", "true"));
        Assert.Equal(0, await QueryAsync<long>("SELECT count(*) FROM pg_replication_slots"));
        foreach (var gateway in new[] { _gateway, another })
        {
            await using var socket = await RealtimeSocket.ConnectAsync(gateway, _gateway.Dispatcher.ToString());
            await socket.JoinAsync("realtime:x", Wish);
        }

        await Eventually.TrueAsync(
            async () => await QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE temporary") == 2,
            TestContext.Current.CancellationToken);

        await another.DisposeAsync();

        await Eventually.TrueAsync(
            async () => await QueryAsync<long>("SELECT count(*) FROM pg_replication_slots") == 1,
            TestContext.Current.CancellationToken);
    }

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = ((NpgsqlDataSource)_gateway.Services.GetService(typeof(NpgsqlDataSource))!).CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}

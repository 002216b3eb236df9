using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>A network that cuts, stalls and leads elsewhere, between ingest on a spool on disk and a real server.</summary>
public sealed class NetworkTests(TimescaleServer server, ITestOutputHelper output) : IAsyncLifetime
{
    private const int PerPublish = 5;
    private readonly int _seed = Random.Shared.Next();
    private readonly DiskSpool _disk = new();
    private Administrator _administrator = null!;
    private string _connectionString = "";
    private TcpProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        var direct = await server.CreateDatabaseAsync();
        _administrator = new Administrator(direct);
        _proxy = new TcpProxy(server.Port);
        _connectionString = new NpgsqlConnectionStringBuilder(direct) { Port = _proxy.Port }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _disk.DisposeAsync();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Cuts_in_the_middle_of_copies_lose_and_double_nothing(string writers)
    {
        const int Publishes = 6_000;
        const int Cuts = 12;
        output.WriteLine($"Seed {_seed}");
        var random = new Random(_seed);
        await using var node = new IngestNode(
            _connectionString, _disk.Spool, ("Ingest:Batch:MaxRecords", "100"), ("Ingest:Writers", writers));
        await node.StartAsync();
        await Eventually.TrueAsync(_administrator.IsMigratedAsync, TestContext.Current.CancellationToken);

        for (var cut = 0; cut < Cuts; cut++)
        {
            await AppendAsync(cut * Publishes / Cuts, Publishes / Cuts);
            _proxy.CutAfter(random.Next(1, 400_000));
            await Eventually.TrueAsync(
                () => _proxy.Faults > cut || node.AnySpool.Status.Records == 0, TestContext.Current.CancellationToken);
            await AssertAcknowledgedIsStoredAsync(node);
        }

        await node.StoredAsync(Publishes);
        output.WriteLine($"{_proxy.Faults} cuts, {node.Measured.Of("artmqtt.ingest.failures", "step=store").Count} failures");
        Assert.True(_proxy.Faults > 3);
        Assert.Equal((Publishes * PerPublish, Publishes * PerPublish), await _administrator.CountAsync());
        Assert.Equal(0, await _administrator.LettersAsync());
    }

    [Fact]
    public async Task Notices_by_itself_that_the_database_is_silent_and_goes_on_when_it_answers()
    {
        await using var node = new IngestNode(
            $"{_connectionString};Timeout=1;Command Timeout=1;Cancellation Timeout=200", _disk.Spool,
            ("Ingest:Batch:MaxRecords", "200"));
        await node.StartAsync();
        await AppendAsync(0, 2_000);
        await node.StoredAsync(200);

        _proxy.Stall();
        await AppendAsync(2_000, 500);
        await Eventually.TrueAsync(
            () => node.Measured.Of("artmqtt.ingest.failures", "reason=timeout").Count > 0,
            TestContext.Current.CancellationToken);
        var acknowledged = node.AnySpool.Acknowledged;
        Assert.Contains("imeout", await node.DegradedAsync("nothing was stored for"), StringComparison.Ordinal);
        Assert.Equal(acknowledged, node.AnySpool.Acknowledged);

        _proxy.Heal();
        await node.StoredAsync(2_500);
        Assert.Equal((2_500 * PerPublish, 2_500 * PerPublish), await _administrator.CountAsync());
        await node.HealthyAsync();
    }

    [Fact]
    public async Task Notices_a_silence_in_the_middle_of_a_copy_that_is_larger_than_all_buffers()
    {
        const int Positions = 200_000;
        await using var node = new IngestNode(
            $"{_connectionString};Timeout=1;Command Timeout=2;Cancellation Timeout=200", new TestSpool(),
            ("Ingest:Batch:MaxPositions", "200000"));
        for (var i = 0; i < Positions / 1_000; i++)
        {
            node.Spool.Append(IngestNode.Publish(device: i, from: 0, count: 1_000));
        }

        _proxy.StallAfter(1 << 20);
        await node.StartAsync();
        await Eventually.TrueAsync(() => _proxy.Faults == 1, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () => node.Measured.Of("artmqtt.ingest.failures", "step=store").Count > 0,
            TestContext.Current.CancellationToken);
        Assert.Equal(0, node.Spool.Acknowledged);

        _proxy.Heal();
        await node.StoredAsync(Positions / 1_000);
        Assert.Equal((Positions, Positions), await _administrator.CountAsync());
    }

    [Fact]
    public async Task Notices_a_silence_in_the_middle_of_dead_letters_that_are_larger_than_all_buffers()
    {
        const int Letters = 4_000;
        await using var node = new IngestNode(
            $"{_connectionString};Timeout=1;Command Timeout=1;Cancellation Timeout=200", new TestSpool());
        var payload = new byte[4_096];
        for (var i = 0; i < Letters; i++)
        {
            node.Spool.Append([99, .. payload]);
        }

        _proxy.StallAfter(1 << 20);
        await node.StartAsync();
        await Eventually.TrueAsync(
            () => node.Measured.Of("artmqtt.ingest.failures", "step=store").Count > 0,
            TestContext.Current.CancellationToken);
        Assert.Equal(0, node.Spool.Acknowledged);

        _proxy.Heal();
        await node.StoredAsync(Letters);
        Assert.Equal(Letters, await _administrator.LettersAsync());
    }

    [Fact]
    public async Task Idle_connections_that_died_do_not_cost_an_attempt_each()
    {
        await using var node = new IngestNode(_connectionString, _disk.Spool);
        await node.StartAsync();
        await AppendAsync(0, 1);
        await node.StoredAsync(1);
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => node.QueryAsync<object>("SELECT pg_sleep(0.2)")));

        _proxy.Cut();
        await AppendAsync(1, 1);
        await node.StoredAsync(2);

        Assert.True(node.Measured.Of("artmqtt.ingest.failures", "step=store").Count <= 2);
    }

    [Fact]
    public async Task Goes_on_with_another_server_that_was_never_used()
    {
        await using var other = new TimescaleServer();
        var elsewhere = new Administrator(await other.CreateDatabaseAsync());
        var master = new Administrator(other.ConnectionString);
        await master.RunAsync($"ALTER DATABASE {elsewhere.Database} RENAME TO {_administrator.Database}_copy");
        await master.RunAsync($"ALTER DATABASE {_administrator.Database}_copy RENAME TO {_administrator.Database}");
        await master.RunAsync($"ALTER ROLE postgres PASSWORD '{Password()}'");

        await using var node = new IngestNode(_connectionString, _disk.Spool);
        await node.StartAsync();
        await AppendAsync(0, 100);
        await node.StoredAsync(100);

        _proxy.Target = other.Port;
        _proxy.Cut();
        await AppendAsync(100, 100);

        await node.StoredAsync(200);
        Assert.Equal(
            100 * PerPublish, await node.QueryAsync<long>("SELECT count(*) FROM positions"));
        Assert.Equal(other.Port, await node.QueryAsync<int>("SELECT inet_server_port()"));
    }

    [Fact]
    public async Task Finds_the_primary_among_several_hosts()
    {
        var several = new NpgsqlConnectionStringBuilder(_connectionString)
        {
            Host = $"127.0.0.1:{Ports.Free()},127.0.0.1:{_proxy.Port}",
            TargetSessionAttributes = "primary",
        }.ConnectionString;
        await using var node = new IngestNode(several, _disk.Spool);
        await node.StartAsync();
        await AppendAsync(0, 10);

        await node.StoredAsync(10);
        Assert.Equal((10 * PerPublish, 10 * PerPublish), await _administrator.CountAsync());
    }

    private string Password() => new NpgsqlConnectionStringBuilder(_connectionString).Password!;

    private Task AppendAsync(int from, int count) => _disk.AppendAsync(Enumerable.Range(from, count)
        .Select(i => IngestNode.Publish(device: i % 50, from: i / 50 * PerPublish, count: PerPublish)));

    // In this order: what is acknowledged now was stored before.
    private async Task AssertAcknowledgedIsStoredAsync(IngestNode node)
    {
        var acknowledged = node.AnySpool.Acknowledged * PerPublish;
        Assert.True((await _administrator.CountAsync()).Rows >= acknowledged);
    }
}

using ArtMqtt.Contracts.Security;
using ArtMqtt.Live.Nodes;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Nodes that know of each other, and ask each other.</summary>
public sealed class NodeListTests : IAsyncLifetime
{
    private readonly ClientsOfOne _ofOne = new("one");
    private readonly ClientsOfOne _ofOther = new("other");
    private RedisServer? _redis;
    private LiveNode? _one;
    private LiveNode? _other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartNewAsync(Token);
        _one = await StartAsync("one", _ofOne);
        _other = await StartAsync("other", _ofOther);
        await UntilAsync(NodeCondition.Ready);
    }

    public async ValueTask DisposeAsync()
    {
        await _other!.DisposeAsync();
        await _one!.DisposeAsync();
        _redis!.Dispose();
    }

    [Fact]
    public async Task A_node_that_ends_without_a_goodbye_is_missing_for_a_while()
    {
        _other!.Kill();
        await UntilAsync(NodeCondition.Missing);
        Assert.Equal(["other"], (await _one!.Clients.ListAsync(TenantScope.All, null, 10, Token)).Silent);

        await UntilAsync(null);
    }

    [Fact]
    public async Task A_node_that_is_started_again_takes_the_place_of_the_missing_one()
    {
        _other!.Kill();
        await UntilAsync(NodeCondition.Missing);
        _other = await StartAsync("other", _ofOther);

        await UntilAsync(NodeCondition.Ready);
        Assert.Equal(2, (await _one!.NodesAsync()).Nodes.Count);
    }

    [Fact]
    public async Task A_node_that_stops_leaves_at_once()
    {
        await _other!.DisposeAsync();
        _other.Kill();

        var seen = new List<NodeCondition?>();
        await Eventually.TrueAsync(
            async () =>
            {
                seen.Add(await OtherAsync());
                return seen[^1] is null;
            },
            Token);
        Assert.DoesNotContain(NodeCondition.Missing, seen);
    }

    [Fact]
    public async Task Nobody_is_missed_while_redis_is_away_or_because_it_was()
    {
        _redis!.Kill();
        await UntilAsync(NodeCondition.Unknown);
        var alone = await _one!.Clients.ListAsync(TenantScope.All, null, 10, Token);
        Assert.Equal((false, 2), (alone.IsComplete, alone.Total));
        Assert.False((await _one.Clients.DisconnectAsync(TenantScope.All, "other-1", Token)).IsCertain);
        _redis.Forget();
        await _redis.StartAsync(Token);

        var seen = new List<NodeCondition?>();
        await Eventually.TrueAsync(
            async () =>
            {
                seen.Add(await OtherAsync());
                return seen[^1] is NodeCondition.Ready;
            },
            Token);
        Assert.DoesNotContain(NodeCondition.Missing, seen);
    }

    [Fact]
    public async Task Clients_of_all_nodes_are_found_and_ended()
    {
        ClientsFound found = null!;
        // The other one may not listen yet.
        await Eventually.TrueAsync(
            async () => (found = await _one!.Clients.ListAsync(TenantScope.All, null, 3, Token)).Silent.Count == 0, Token);

        Assert.Equal((true, 4), (found.IsComplete, found.Total));
        Assert.Equal(["other-2", "one-2", "other-1"], found.Items.Select(client => client.Id));
        Assert.Equal(["other", "one", "other"], found.Items.Select(client => client.Node));
        Assert.Equal("other-1", Assert.Single((await _one!.Clients.ListAsync(TenantScope.All, "her-1", 3, Token)).Items).Id);
        Assert.Empty((await _one.Clients.ListAsync(TenantScope.Of("acme"), null, 3, Token)).Items);

        Assert.False((await _one.Clients.DisconnectAsync(TenantScope.Of("acme"), "other-1", Token)).IsEnded);
        Assert.True((await _one.Clients.DisconnectAsync(TenantScope.All, "other-1", Token)).IsEnded);
        Assert.Equal(["other-1"], _ofOther.Ended);
        Assert.Equal(new ClientEnd(IsEnded: false, IsCertain: true, []).IsCertain, (await _one.Clients.DisconnectAsync(TenantScope.All, "nobody", Token)).IsCertain);

        // It does not answer, and is not missed yet.
        _other!.Kill();
        Assert.Equal(["other"], (await _one.Clients.ListAsync(TenantScope.All, null, 3, Token)).Silent);
        Assert.False((await _one.Clients.DisconnectAsync(TenantScope.All, "nobody", Token)).IsCertain);
    }

    private Task<LiveNode> StartAsync(string name, ClientsOfOne clients) =>
        LiveNode.StartAsync(_redis!.Configuration, commandTimeout: "00:00:00.500", name: name, clients: clients);

    private async Task<NodeCondition?> OtherAsync() =>
        (await _one!.NodesAsync()).Nodes.SingleOrDefault(node => !node.IsThis)?.Condition;

    private Task UntilAsync(NodeCondition? condition) =>
        Eventually.TrueAsync(async () => await OtherAsync() == condition, Token);
}

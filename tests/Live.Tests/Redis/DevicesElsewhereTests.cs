using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Nodes that tell each other which devices they have.</summary>
public sealed class DevicesElsewhereTests : IAsyncLifetime
{
    private readonly DeviceListener[] _told = [new(), new(), new()];
    private readonly LiveNode[] _nodes = new LiveNode[3];
    private RedisServer? _redis;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartNewAsync(Token);
        for (var i = 0; i < _nodes.Length; i++)
        {
            _nodes[i] = await LiveNode.StartAsync(_redis.Configuration, commandTimeout: "00:00:00.500", name: $"node-{i}");
            _nodes[i].Devices.Listen(_told[i], TimeSpan.FromSeconds(1));
        }

        await Eventually.TrueAsync(() => _nodes.All(node => node.Devices.IsKnown), Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _redis!.Dispose();
    }

    [Fact]
    public async Task A_device_is_known_on_all_nodes_while_any_has_it()
    {
        _nodes[0].Devices.Report("truck-1", 5);
        _nodes[1].Devices.Report("truck-1", 7);
        await UntilAsync(2, "truck-1", 5);

        _nodes[0].Devices.Report("truck-1", null);
        await UntilAsync(2, "truck-1", 7);
        _nodes[1].Devices.Report("truck-1", null);
        await UntilAsync(2, "truck-1", null);
        Assert.Contains("truck-1", _told[2].Changed);
    }

    [Fact]
    public async Task Many_come_at_once_and_who_starts_later_knows_them()
    {
        for (var i = 0; i < 1_800; i++)
        {
            _nodes[0].Devices.Report($"truck-{i}", i);
        }

        await Eventually.TrueAsync(() => Enumerable.Range(0, 1_800).All(i => _nodes[1].Devices.Find($"truck-{i}") == i), Token);
        await using var later = await LiveNode.StartAsync(_redis!.Configuration, name: "later");
        later.Devices.Listen(new DeviceListener(), TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => Enumerable.Range(0, 1_800).All(i => later.Devices.Find($"truck-{i}") == i), Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_changes_while_redis_is_away_is_known_later(bool forgets)
    {
        _nodes[0].Devices.Report("stays", 1);
        _nodes[0].Devices.Report("leaves", 2);
        await UntilAsync(1, "leaves", 2);

        _redis!.Kill();
        await Eventually.TrueAsync(() => !_nodes[1].Devices.IsKnown, Token);
        _nodes[0].Devices.Report("leaves", null);
        _nodes[0].Devices.Report("comes", 3);
        Assert.Equal(2, _nodes[1].Devices.Find("leaves"));
        if (forgets)
        {
            _redis.Forget();
        }

        await _redis.StartAsync(Token);
        await UntilAsync(1, "comes", 3);
        await UntilAsync(1, "leaves", null);
        await Eventually.TrueAsync(() => _nodes[1].Devices.IsKnown, Token);
        Assert.Equal(1, _nodes[1].Devices.Find("stays"));
        Assert.All(_told, told => Assert.Empty(told.Abandoned));
    }

    [Fact]
    public async Task Devices_of_a_node_that_is_gone_are_given_up_by_one_of_the_others()
    {
        _nodes[0].Devices.Report("truck-1", 5);
        _nodes[0].Devices.Report("truck-2", 6);
        await UntilAsync(1, "truck-2", 6);
        await UntilAsync(2, "truck-2", 6);
        _nodes[0].Kill();

        await UntilAsync(1, "truck-1", null);
        await UntilAsync(2, "truck-1", null);
        string[] abandoned = [.. _told.SelectMany(told => told.Abandoned).Order()];
        Assert.Equal(["truck-1", "truck-2"], abandoned);
    }

    [Fact]
    public async Task A_node_that_stops_takes_its_devices_with_it_and_nobody_gives_them_up()
    {
        _nodes[0].Devices.Report("truck-1", 5);
        await UntilAsync(1, "truck-1", 5);
        _nodes[0].Devices.Report("truck-1", null);
        await _nodes[0].DisposeAsync();
        _nodes[0].Kill();

        await UntilAsync(1, "truck-1", null);
        Assert.All(_told, told => Assert.Empty(told.Abandoned));
    }

    private Task UntilAsync(int node, string deviceId, long? since) =>
        Eventually.TrueAsync(() => _nodes[node].Devices.Find(deviceId) == since, Token);
}

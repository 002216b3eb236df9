using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live.Nodes;
using ArtMqtt.Live.Redis;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Two nodes with a Redis Cluster of three shards.</summary>
public sealed class ClusterTests(ClusterTests.Fixture fixture) : IClassFixture<ClusterTests.Fixture>, IAsyncLifetime
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private readonly ClientsOfOne _ofOther = new("other");
    private readonly DeviceListener _told = new();
    private LiveNode? _one;
    private LiveNode? _other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _one = await LiveNode.StartAsync(fixture.Cluster.Configuration, prefix: _prefix, name: "one", clients: new ClientsOfOne("one"));
        _other = await LiveNode.StartAsync(fixture.Cluster.Configuration, prefix: _prefix, name: "other", clients: _ofOther);
    }

    public async ValueTask DisposeAsync()
    {
        await _one!.DisposeAsync();
        await _other!.DisposeAsync();
    }

    [Fact]
    public async Task Streams_of_all_shards_are_seen_without_gap_on_both_nodes()
    {
        var drives = await Drive.StartAsync(_one!, _other!, 60);
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(drives.Select(drive => drive.MoveAsync()));
        }

        await Eventually.TrueAsync(() => drives.All(drive => drive.IsSeen), Token);
        foreach (var drive in drives)
        {
            drive.AssertSound();
            drive.AssertComplete(drive.There);
            Assert.Equal((1, 1), (drive.Here.Snapshots, drive.There.Snapshots));
            Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), drive.There.Cursors.Select(cursor => cursor.Sequence));
            using var later = await _other!.Streams.SubscribeAsync(drive.Request, drive.Published[3].Cursor, new RecordingListener(), Token);
            Assert.Equal((true, drive.Published[9].Cursor), (later.IsRecovered, later.Cursor));
            Assert.Equal(drive.Published.Skip(4), later.Missed);
            drive.Dispose();
        }

        foreach (var master in fixture.Cluster.Masters)
        {
            Assert.NotEqual(":0\r\n", await master.AskAsync("DBSIZE"));
        }

        Assert.Null(_one!.Link.Failure);
        Assert.Null(_other!.Link.Failure);
    }

    [Fact]
    public async Task Clients_of_all_shards_are_put_out_where_they_were()
    {
        var clients = Enumerable.Range(0, 30).Select(_ => Guid.NewGuid().ToString()).ToArray();
        var taken = new int[clients.Length];
        for (var i = 0; i < clients.Length; i++)
        {
            var client = i;
            _one!.Claims.Claim(clients[i], () => Interlocked.Increment(ref taken[client]));
        }

        await Eventually.TrueAsync(
            () =>
            {
                foreach (var (client, at) in clients.Select((client, at) => (client, at)).Where(one => Volatile.Read(ref taken[one.at]) == 0))
                {
                    _other!.Claims.Claim(client, () => { });
                }

                return taken.All(times => times > 0);
            },
            Token);
        Assert.All(taken, times => Assert.Equal(1, times));
        Assert.Null(_one!.Link.Failure);
    }

    [Fact]
    public async Task Nodes_know_of_each_other_and_of_their_clients_and_devices()
    {
        _one!.Devices.Listen(_told, TimeSpan.FromSeconds(1));
        _other!.Devices.Listen(new DeviceListener(), TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(
            async () => (await _one.Clients.ListAsync(TenantScope.All, null, 9, Token)) is { IsComplete: true, Silent: [], Total: 4 }, Token);
        Assert.True((await _one.Clients.DisconnectAsync(TenantScope.All, "other-1", Token)).IsEnded);
        Assert.Equal(["other-1"], _ofOther.Ended);
        Assert.Equal(["one", "other"], (await _one.NodesAsync()).Nodes.Select(node => node.Report.Name));
        Assert.All((await _one.NodesAsync()).Nodes, node => Assert.Equal(NodeCondition.Ready, node.Condition));

        _other.Devices.Report("truck-1", 5);
        await Eventually.TrueAsync(() => _one.Devices.Find("truck-1") == 5 && _one.Devices.IsKnown, Token);
        Assert.Null(_one.Link.Failure);

        _other.Kill();
        await Eventually.TrueAsync(() => _one.Devices.Find("truck-1") is null, Token);
        await Eventually.TrueAsync(() => _told.Abandoned.SequenceEqual(["truck-1"]), Token);
    }

    [Fact]
    public async Task A_slot_that_moves_takes_its_streams_with_it()
    {
        using var drive = await Drive.StartAsync(_one!, _other!);
        await drive.GoOnAsync(RequestStatus.EnRoute);
        await drive.MoveAsync();
        await Eventually.TrueAsync(() => drive.IsSeen, Token);

        var slot = await fixture.Cluster.SlotOfAsync(LiveCommands.TagOf(drive.Request));
        var shard = RedisCluster.ShardOf(slot);
        var (from, to) = (fixture.Cluster.Masters[shard], fixture.Cluster.Masters[(shard + 1) % 3]);
        var moving = RedisCluster.MoveSlotAsync(slot, from, to);
        while (!moving.IsCompleted)
        {
            await drive.MoveAsync();
        }

        await moving;
        await UntilSeenAsync(drive);

        // Both hear it there.
        await Eventually.TrueAsync(() => to.SaysAsync($"PUBSUB SHARDNUMSUB {_prefix}:{LiveCommands.TagOf(drive.Request)}:live", "\r\n:2\r\n"), Token);
        for (var i = 0; i < 10; i++)
        {
            await drive.MoveAsync();
            await UntilSeenAsync(drive);
        }

        drive.AssertSound();
        await Eventually.TrueAsync(async () => await _one!.IsHealthyAsync() && await _other!.IsHealthyAsync(), Token);
        await RedisCluster.MoveSlotAsync(slot, to, from);
    }

    private static Task UntilSeenAsync(Drive drive) => Eventually.TrueAsync(
        async () =>
        {
            await drive.RejoinAsync();
            return drive.IsSeen;
        },
        Token);

    /// <summary>The cluster.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        /// <summary>Three masters.</summary>
        public RedisCluster Cluster { get; private set; } = null!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync() => Cluster = await RedisCluster.StartNewAsync(CancellationToken.None);

        /// <inheritdoc/>
        public ValueTask DisposeAsync()
        {
            Cluster?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

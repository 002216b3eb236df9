using System.Globalization;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live.Nodes;
using ArtMqtt.Live.Redis;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Two nodes, and a Redis whose replica takes over when it is killed.</summary>
public sealed class FailoverTests : IAsyncDisposable
{
    private readonly DeviceListener _told = new();
    private LiveNode? _one;
    private LiveNode? _other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await (_one?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_other?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shard_of_a_cluster_is_taken_over_by_its_replica(bool isSilent)
    {
        using var cluster = await RedisCluster.StartNewAsync(Token, hasReplicas: true);
        await StartNodesAsync(cluster.Configuration);
        var drives = await Drive.StartAsync(_one!, _other!, 30);
        await MoveAsync(drives, RequestStatus.EnRoute);
        await UntilSeenAsync(drives);

        // The one that has the list of nodes, and their devices.
        var shard = RedisCluster.ShardOf(await cluster.SlotOfAsync("{nodes}"));
        if (isSilent)
        {
            cluster.Masters[shard].Stall();
        }
        else
        {
            cluster.Masters[shard].Kill();
        }

        do
        {
            await GoOnAsync(drives);
        }
        while (!await cluster.Replicas[shard].SaysAsync("ROLE", "master"));

        await AssertAllIsWellAsync(drives);
        foreach (var drive in drives)
        {
            if (RedisCluster.ShardOf(await cluster.SlotOfAsync(LiveCommands.TagOf(drive.Request))) != shard)
            {
                drive.AssertComplete(drive.There);
            }
        }
    }

    [Fact]
    public async Task A_master_is_replaced_by_sentinels_and_does_no_harm_when_it_comes_back()
    {
        using var sentinels = await RedisSentinels.StartNewAsync(Token);
        await StartNodesAsync(sentinels.Configuration);
        var drives = await Drive.StartAsync(_one!, _other!, 10);
        await MoveAsync(drives, RequestStatus.EnRoute);
        await UntilSeenAsync(drives);

        sentinels.Servers[0].Kill();
        do
        {
            await GoOnAsync(drives);
        }
        while (!await sentinels.Servers[1].SaysAsync("ROLE", "master"));

        await AssertAllIsWellAsync(drives);

        // With all that it had, and for a while as if it still were the master.
        await sentinels.Servers[0].StartAsync(Token);
        do
        {
            await GoOnAsync(drives);
        }
        while (!await sentinels.Servers[0].SaysAsync("ROLE", "connected"));

        await AssertAllIsWellAsync(drives);
    }

    [Fact]
    public async Task A_node_that_starts_without_sentinels_joins_them_later()
    {
        using var sentinels = await RedisSentinels.StartNewAsync(Token);
        sentinels.KillSentinels();
        _one = await LiveNode.StartAsync(sentinels.Configuration, commandTimeout: "00:00:00.500");
        Assert.NotNull(await _one.Streams.PublishAsync(Guid.NewGuid(), Drive.Place(1), Token));

        await sentinels.StartSentinelsAsync(Token);
        await Eventually.TrueAsync(_one.IsHealthyAsync, Token);
        using var drive = await Drive.StartAsync(_one, _one);
        await drive.MoveAsync();
        Assert.True(await sentinels.Servers[0].SaysAsync($"EXISTS art:{LiveCommands.TagOf(drive.Request)}:now", ":1"));
    }

    [Fact]
    public async Task What_the_replica_was_not_told_is_no_gap_that_nobody_sees()
    {
        using var sentinels = await RedisSentinels.StartNewAsync(Token);
        await StartNodesAsync(sentinels.Configuration);
        var drives = await Drive.StartAsync(_one!, _other!, 10);
        await MoveAsync(drives, RequestStatus.Assigned);
        await UntilSeenAsync(drives);

        sentinels.Servers[1].Stall();
        await MoveAsync(drives, RequestStatus.EnRoute);
        await UntilSeenAsync(drives);
        var cursors = drives.Select(drive => drive.There.Cursors[^1]).ToList();
        sentinels.Servers[0].Kill();
        sentinels.Servers[1].GoOn();
        await sentinels.WaitForAsync(sentinels.Servers[1], Token);

        await AssertAllIsWellAsync(drives);
        foreach (var (drive, cursor) in drives.Zip(cursors))
        {
            // Who comes with the number of what was forgotten is told that it is of no use.
            using var later = await _other!.Streams.SubscribeAsync(drive.Request, cursor, new RecordingListener(), Token);
            Assert.False(later.IsRecovered);
        }
    }

    [Fact]
    public async Task A_master_that_was_a_replica_for_a_while_gives_no_number_twice()
    {
        using var first = await RedisServer.StartNewAsync(Token, null, "--repl-diskless-sync-delay", "0");
        using var second = await RedisServer.StartNewAsync(
            Token, null, "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1", $"{first.Port}");
        await Eventually.TrueAsync(() => second.SaysAsync("ROLE", "connected"), Token);
        _one = await LiveNode.StartAsync(first.Configuration, commandTimeout: "00:00:00.500", leaveAfter: "00:00:00.100");
        _other = await LiveNode.StartAsync(first.Configuration, commandTimeout: "00:00:00.500");
        using var drive = await Drive.StartAsync(_one, _other);
        await drive.MoveAsync();
        await UntilReplicatedAsync(first, second);

        // Nobody looks at the stream while the second one is the master: it remembers whose it was.
        drive.Dispose();
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await second.AskAsync("REPLICAOF NO ONE");
        _one = await LiveNode.StartAsync(first.Configuration, commandTimeout: "00:00:00.500");
        var lost = await _one.Streams.PublishAsync(drive.Request, Drive.Place(2), Token);
        await first.AskAsync($"REPLICAOF 127.0.0.1 {second.Port}");
        await Eventually.TrueAsync(() => first.SaysAsync("ROLE", "connected"), Token);
        await first.AskAsync("REPLICAOF NO ONE");
        await Eventually.TrueAsync(_one.IsHealthyAsync, Token);

        var next = await _one.Streams.PublishAsync(drive.Request, Drive.Place(3), Token);
        Assert.NotEqual(lost!.Cursor.Epoch, next!.Cursor.Epoch);
    }

    private async Task StartNodesAsync(string configuration)
    {
        _one = await LiveNode.StartAsync(configuration, commandTimeout: "00:00:01", name: "one", clients: new ClientsOfOne("one"));
        _other = await LiveNode.StartAsync(configuration, commandTimeout: "00:00:01", name: "other", clients: new ClientsOfOne("other"));
        _one.Devices.Listen(_told, TimeSpan.FromSeconds(10));
        _other.Devices.Listen(_told, TimeSpan.FromSeconds(10));
        _other.Devices.Report("truck-1", 5);
        await Eventually.TrueAsync(() => _one.Devices.Find("truck-1") == 5 && _other.Devices.IsKnown, Token);
    }

    private async Task AssertAllIsWellAsync(IReadOnlyList<Drive> drives)
    {
        await Eventually.TrueAsync(async () => await _one!.IsHealthyAsync() && await _other!.IsHealthyAsync(), Token);
        await UntilSeenAsync(drives);
        for (var i = 0; i < 3; i++)
        {
            await MoveAsync(drives, i == 0 ? RequestStatus.Arrived : null);
            await UntilSeenAsync(drives);
        }

        Assert.All(drives, drive => drive.AssertSound());
        await AssertClientsMoveAsync();
        await Eventually.TrueAsync(
            async () => (await _one!.Clients.ListAsync(TenantScope.All, null, 9, Token)) is { IsComplete: true, Silent: [], Total: 4 }, Token);
        await Eventually.TrueAsync(
            async () => (await _one!.NodesAsync()).Nodes.Count(node => node.Condition == NodeCondition.Ready) == 2, Token);
        var since = (_one!.Devices.Find("truck-1") ?? 0) + 1;
        _other!.Devices.Report("truck-1", since);
        await Eventually.TrueAsync(() => _one.Devices.Find("truck-1") == since && _one.Devices.IsKnown && _other.Devices.IsKnown, Token);
        Assert.Empty(_told.Abandoned);
    }

    private async Task AssertClientsMoveAsync()
    {
        var taken = new int[20];
        var run = Guid.NewGuid();
        for (var i = 0; i < taken.Length; i++)
        {
            var client = i;
            _one!.Claims.Claim(string.Create(CultureInfo.InvariantCulture, $"{run}-{i}"), () => Interlocked.Increment(ref taken[client]));
        }

        await Eventually.TrueAsync(
            () =>
            {
                foreach (var i in Enumerable.Range(0, taken.Length).Where(i => Volatile.Read(ref taken[i]) == 0))
                {
                    _other!.Claims.Claim(string.Create(CultureInfo.InvariantCulture, $"{run}-{i}"), () => { });
                }

                return taken.All(times => times > 0);
            },
            Token);
    }

    private static async Task MoveAsync(IReadOnlyList<Drive> drives, RequestStatus? status = null)
    {
        await Task.WhenAll(drives.Select(drive => drive.MoveAsync()));
        if (status is { } next)
        {
            await Task.WhenAll(drives.Select(drive => drive.GoOnAsync(next)));
        }
    }

    private static async Task GoOnAsync(IReadOnlyList<Drive> drives)
    {
        await MoveAsync(drives);
        await Task.WhenAll(drives.Select(drive => drive.RejoinAsync()));
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
    }

    private static Task UntilSeenAsync(IReadOnlyList<Drive> drives) => Eventually.TrueAsync(
        async () =>
        {
            await Task.WhenAll(drives.Select(drive => drive.RejoinAsync()));
            return drives.All(drive => drive.IsSeen);
        },
        Token);

    private static async Task UntilReplicatedAsync(RedisServer master, RedisServer replica)
    {
        var size = await master.AskAsync("DBSIZE");
        await Eventually.TrueAsync(async () => await replica.AskAsync("DBSIZE") == size, Token);
        await Eventually.TrueAsync(async () => OffsetOf(await master.AskAsync("ROLE")) <= OffsetOf(await replica.AskAsync("ROLE")), Token);
    }

    private static long OffsetOf(string role) => role.Split("\r\n").Where(line => line.StartsWith(':'))
        .Select(line => long.Parse(line[1..], CultureInfo.InvariantCulture)).Last();
}

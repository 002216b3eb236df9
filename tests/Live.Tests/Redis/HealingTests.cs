using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live.Redis;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Two nodes, one of them behind a network that breaks, and a Redis that is in the way itself.</summary>
public sealed class HealingTests : IAsyncLifetime
{
    private readonly Guid _request = Guid.NewGuid();
    private readonly StandingClock _clock = new();
    private RedisServer? _redis;
    private TcpProxy? _network;
    private LiveNode? _one;
    private LiveNode? _other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartNewAsync(Token);
        _network = new TcpProxy(_redis.Port);
        _one = await LiveNode.StartAsync(_redis.Configuration, commandTimeout: "00:00:01", maxStreams: 50);
        _other = await LiveNode.StartAsync($"127.0.0.1:{_network.Port}", commandTimeout: "00:00:01", time: _clock);
        // A busy machine may take longer to connect than a command may, and then they begin alone.
        await Eventually.TrueAsync(async () => await _one.IsHealthyAsync() && await _other.IsHealthyAsync(), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _one!.DisposeAsync();
        await _other!.DisposeAsync();
        await _network!.DisposeAsync();
        _redis!.Dispose();
    }

    [Fact]
    public async Task What_happens_while_a_node_has_no_connection_is_not_missed()
    {
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await _one!.Streams.PublishAsync(_request, Place(1), Token);
        await Eventually.TrueAsync(() => there.Seen.Count == 1, Token);

        // Nothing comes after it that could tell that it is missing.
        await CutAsync();
        await _one.Streams.PublishAsync(_request, Place(2), Token);
        _network!.Target = _redis!.Port;

        await Eventually.TrueAsync(() => there.Seen.Count == 2, Token);
        Assert.Equal(1, there.Snapshots);
    }

    [Fact]
    public async Task What_was_lost_without_a_sign_is_found_after_a_while()
    {
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await _other.Link.Channels.UnsubscribeAllAsync();
        await _one!.Streams.PublishAsync(_request, Place(1), Token);
        Assert.Empty(there.Seen);

        _clock.Now += TimeSpan.FromSeconds(20);
        await Eventually.TrueAsync(() => there.Seen.Count == 1, Token);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_stream_that_could_not_be_heard()
    {
        _network!.Stall();
        using (await Watcher.StartAsync(_other!.Streams, _request, Token))
        {
            _network.Heal();
            await Eventually.TrueAsync(_other.IsHealthyAsync, Token);
            Assert.NotEqual("*0\r\n", await _redis!.AskAsync("PUBSUB SHARDCHANNELS *:live"));
        }

        _clock.Now += TimeSpan.FromSeconds(20);
        await Eventually.TrueAsync(async () => await _redis.AskAsync("PUBSUB SHARDCHANNELS *:live") == "*0\r\n", Token);
        Assert.Equal(0, _other.Known);
    }

    [Fact]
    public async Task What_a_silent_redis_took_all_the_same_is_not_told_again()
    {
        using var there = await Watcher.StartAsync(_one!.Streams, _request, Token);
        await _other!.Streams.PublishAsync(_request, Presence(PresenceEvent.Online, 1), Token);
        await Eventually.TrueAsync(() => there.Seen.Count == 1, Token);

        _redis!.Stall();
        await Task.WhenAll(
            _other.Streams.PublishAsync(_request, Presence(PresenceEvent.Offline, 2), Token).AsTask(),
            _other.Streams.PublishAsync(_request, Presence(PresenceEvent.Online, 3), Token).AsTask());
        _redis.GoOn();
        await Eventually.TrueAsync(async () => await _one.IsHealthyAsync() && await _other.IsHealthyAsync(), Token);
        await Eventually.TrueAsync(() => there.Seen.Count >= 3, Token);
        await _other.Streams.PublishAsync(_request, Presence(PresenceEvent.Offline, 4), Token);

        await Eventually.TrueAsync(() => there.Seen[^1] == Presence(PresenceEvent.Offline, 4), Token);
        Assert.Equal([1L, 2, 3, 4], there.Seen.OfType<PresenceEvent>().Select(presence => presence.Since));
    }

    [Fact]
    public async Task A_status_that_another_node_has_read_from_the_database_is_not_told_again()
    {
        await CutAsync();
        Assert.NotNull(await _other!.Streams.PublishAsync(_request, Status(RequestStatus.EnRoute, 2), Token));
        await _one!.Streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute, 2) with { By = "server" }, null, null), Token);
        using var here = await Watcher.StartAsync(_one.Streams, _request, Token);
        _network!.Target = _redis!.Port;
        await Eventually.TrueAsync(_other.IsHealthyAsync, Token);
        await _other.Streams.PublishAsync(_request, Place(1), Token);

        await Eventually.TrueAsync(() => here.Seen.Count > 0 && here.Seen[^1] is LocationEvent, Token);
        Assert.Equal("server", here.Seen.OfType<StatusEvent>().Single().By);
    }

    [Fact]
    public async Task A_status_that_redis_forgot_is_not_contradicted_by_an_older_one()
    {
        await _one!.Streams.PublishAsync(_request, Status(RequestStatus.EnRoute, 1), Token);
        _redis!.Copy();
        await _one.Streams.PublishAsync(_request, Status(RequestStatus.Completed, 2), Token);
        _redis.Kill();
        _redis.GoBack();
        await _redis.StartAsync(Token);
        await Eventually.TrueAsync(_other!.IsHealthyAsync, Token);

        // So it is read from the database.
        Assert.False(await _other.Streams.HasSnapshotAsync(_request, Token));
        await _other.Streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.Completed, 2), null, null), Token);
        Assert.Null(await _other.Streams.PublishAsync(_request, Place(1), Token));
    }

    [Theory]
    [InlineData("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE")]
    [InlineData("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0")]
    [InlineData("ACL SETUSER default -info", "ACL SETUSER default +info")]
    public async Task A_redis_that_refuses_is_as_one_that_is_gone(string refuse, string accept)
    {
        await _redis!.AskAsync(refuse);
        Assert.NotNull(await _other!.Streams.PublishAsync(_request, Place(1), Token));
        using var watcher = await Watcher.StartAsync(_other.Streams, _request, Token);
        Assert.NotNull(await _other.Streams.PublishAsync(_request, Place(2), Token));
        await watcher.RejoinAsync(Token);
        Assert.Equal<LiveEvent>([Place(1), Place(2)], watcher.Seen);
        await Eventually.TrueAsync(async () => !await _other.IsHealthyAsync(), Token);

        await _redis.AskAsync(accept);
        await Eventually.TrueAsync(_other.IsHealthyAsync, Token);
        using var subscription = await _one!.Streams.SubscribeAsync(_request, null, new RecordingListener(), Token);
        Assert.Equal(Place(2), subscription.Snapshot.Operator);
    }

    [Fact]
    public async Task One_stream_that_cannot_be_healed_does_not_keep_others_from_it()
    {
        await _redis!.AskAsync($"SET art:{{{_request:N}}}:now damaged");
        Guid[] good = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid())];
        _network!.Stall();
        foreach (var request in good.Append(_request))
        {
            Assert.NotNull(await _other!.Streams.PublishAsync(request, Place(1), Token));
        }

        _network.Heal();
        foreach (var request in good)
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    using var subscription = await _one!.Streams.SubscribeAsync(request, null, new RecordingListener(), Token);
                    return subscription.Snapshot.Operator is not null;
                },
                Token);
        }
    }

    [Fact]
    public async Task A_client_that_moved_while_its_node_had_no_connection_is_put_out_there()
    {
        var (isTaken, isTakenBack) = (0, 0);
        var claim = (ClientClaim)_other!.Claims.Claim("phone", () => Interlocked.Increment(ref isTaken));
        await Eventually.TrueAsync(() => claim.Rank > 0, Token);
        await CutAsync();
        var before = await ClaimedAsync();
        _one!.Claims.Claim("phone", () => Interlocked.Increment(ref isTakenBack));
        await Eventually.TrueAsync(async () => await ClaimedAsync() != before, Token);
        Assert.Equal(0, Volatile.Read(ref isTaken));

        _network!.Target = _redis!.Port;
        await Eventually.TrueAsync(() => Volatile.Read(ref isTaken) == 1, Token);
        Assert.Equal(0, Volatile.Read(ref isTakenBack));

        async Task<string> ClaimedAsync() =>
            await _redis!.AskAsync($"HGET {(await _redis.AskAsync("KEYS art:client:*")).Split("\r\n")[2]} node");
    }

    [Fact]
    public async Task A_claim_that_redis_forgot_is_made_again()
    {
        var isTaken = 0;
        var claim = (ClientClaim)_one!.Claims.Claim("phone", () => Interlocked.Increment(ref isTaken));
        await Eventually.TrueAsync(() => claim.Rank > 0, Token);
        _redis!.Kill();
        _redis.Forget();
        await _redis.StartAsync(Token);
        await Eventually.TrueAsync(() => _redis.SaysAsync("KEYS art:client:*", "*1"), Token);

        _other!.Claims.Claim("phone", () => { });
        await Eventually.TrueAsync(() => Volatile.Read(ref isTaken) == 1, Token);
    }

    [Fact]
    public async Task Silence_while_streams_heal_is_not_the_end_of_asking()
    {
        _other!.Link.Failed(new TimeoutException("silent"));
        _other.Link.Healed();
        await Eventually.TrueAsync(() => _other.Link.IsUsable, Token);
    }

    [Fact]
    public async Task What_is_kept_while_redis_is_away_is_bounded()
    {
        using var watcher = await Watcher.StartAsync(_one!.Streams, _request, Token);
        _redis!.Kill();
        for (var i = 0; i < 500; i++)
        {
            Assert.NotNull(await _one.Streams.PublishAsync(Guid.NewGuid(), Place(1), Token));
        }

        await Eventually.TrueAsync(() => _one.Known <= 50, Token);
        await watcher.RejoinAsync(Token);
        await _one.Streams.PublishAsync(_request, Place(2), Token);
        await watcher.RejoinAsync(Token);
        Assert.Equal(Place(2), watcher.Seen[^1]);
    }

    private async Task CutAsync()
    {
        _network!.Target = Ports.Free();
        _network.Cut();
        await Eventually.TrueAsync(() => _other!.Link.Failure is not null, Token);
    }

    private static LocationEvent Place(long timestamp) => new(PositionRole.Operator, 48.1, 11.5, timestamp, null, null, null);

    private static PresenceEvent Presence(string state, long since) => new(state, since);

    private static StatusEvent Status(RequestStatus status, int version) => new(status, null, version, "test") { Version = version };
}

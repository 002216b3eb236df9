using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Two nodes, and a Redis that is killed, forgets, or is silent.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly Guid _request = Guid.NewGuid();
    private RedisServer? _redis;
    private LiveNode? _one;
    private LiveNode? _other;
    private long _time;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartNewAsync(Token);
        _one = await LiveNode.StartAsync(_redis.Configuration, commandTimeout: "00:00:00.500");
        _other = await LiveNode.StartAsync(_redis.Configuration, commandTimeout: "00:00:00.500");
        // A busy machine may take longer to connect than a command may, and then they begin alone.
        await Eventually.TrueAsync(async () => await _one.IsHealthyAsync() && await _other.IsHealthyAsync(), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _one!.DisposeAsync();
        await _other!.DisposeAsync();
        _redis!.Dispose();
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("killed, and forgets")]
    [InlineData("silent")]
    public async Task A_node_goes_on_alone_and_the_others_learn_it_later(string how)
    {
        using var here = await Watcher.StartAsync(_one!.Streams, _request, Token);
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await PublishAsync(RequestStatus.Assigned, 1);
        await PublishPlaceAsync();
        await Eventually.TrueAsync(() => there.Seen.Count == 2, Token);

        Break(how);
        await PublishPlaceAsync();
        await PublishAsync(RequestStatus.EnRoute, 2);
        await PublishPlaceAsync();
        await PublishAsync(RequestStatus.Arrived, 3);
        await PublishPlaceAsync();
        await here.RejoinAsync(Token);
        Assert.False(await _one.IsHealthyAsync());
        Assert.Equal(_time, ((LocationEvent)here.Seen.Last(seen => seen is LocationEvent)).Timestamp);
        Assert.Equal(2, there.Seen.Count);

        await RepairAsync(how);
        await Eventually.TrueAsync(
            async () =>
            {
                await here.RejoinAsync(Token);
                await there.RejoinAsync(Token);
                return there.Seen.OfType<LocationEvent>().LastOrDefault()?.Timestamp == _time
                    && there.Seen.OfType<StatusEvent>().LastOrDefault()?.Status == RequestStatus.Arrived
                    && await _one.IsHealthyAsync() && await _other.IsHealthyAsync();
            },
            Token);
        if (how == "silent")
        {
            // Nothing was forgotten: the other node's watcher is told all of it.
            Assert.Equal([1L, 2, 3, 4], there.Seen.OfType<LocationEvent>().Select(place => place.Timestamp));
            Assert.Equal(
                [RequestStatus.Assigned, RequestStatus.EnRoute, RequestStatus.Arrived],
                there.Seen.OfType<StatusEvent>().Select(status => status.Status));
        }

        // And then it is as before.
        await PublishPlaceAsync();
        await PublishAsync(RequestStatus.Completed, 4);
        await Eventually.TrueAsync(
            async () =>
            {
                await here.RejoinAsync(Token);
                await there.RejoinAsync(Token);
                return Ended(here) && Ended(there);
            },
            Token);
        AssertNothingTwice(here);
        AssertNothingTwice(there);
    }

    [Fact]
    public async Task Nothing_has_the_number_of_something_that_redis_forgot()
    {
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await PublishAsync(RequestStatus.EnRoute, 1);
        await PublishPlaceAsync();
        await Eventually.TrueAsync(() => there.Seen.Count == 2, Token);
        var cursor = there.Cursors[^1];

        _redis!.Kill();
        await _redis.StartAsync(Token);
        await Eventually.TrueAsync(async () => await _one!.IsHealthyAsync() && await _other.IsHealthyAsync(), Token);
        var next = await _one!.Streams.PublishAsync(_request, Place(), Token);

        Assert.NotEqual(cursor.Epoch, next!.Cursor.Epoch);
        await Eventually.TrueAsync(
            async () =>
            {
                await there.RejoinAsync(Token);
                return there.Seen.OfType<LocationEvent>().Last().Timestamp == _time;
            },
            Token);
        Assert.Equal(RequestStatus.EnRoute, there.Seen.OfType<StatusEvent>().Single().Status);
    }

    [Fact]
    public async Task A_node_that_starts_without_redis_serves_and_joins_it_later()
    {
        _redis!.Kill();
        await using var alone = await LiveNode.StartAsync(_redis.Configuration, commandTimeout: "00:00:00.500");
        await alone.Streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute, 1), null, null), Token);
        using var watcher = await Watcher.StartAsync(alone.Streams, _request, Token);
        await alone.Streams.PublishAsync(_request, Place(), Token);
        Assert.Equal(2, watcher.Seen.Count);
        await Eventually.TrueAsync(() => Says(alone, "Redis is not there") == 1, Token);

        await _redis.StartAsync(Token);
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await Eventually.TrueAsync(
            async () =>
            {
                await there.RejoinAsync(Token);
                return there.Seen.OfType<LocationEvent>().Any();
            },
            Token);
        await Eventually.TrueAsync(alone.IsHealthyAsync, Token);
        await Eventually.TrueAsync(async () => await _one!.Streams.HasSnapshotAsync(_request, Token), Token);
        await watcher.RejoinAsync(Token);
        AssertNothingTwice(watcher);
        Assert.Equal((1, 1), (Says(alone, "Redis is not there"), Says(alone, "Redis is there")));
    }

    private static int Says(LiveNode node, string beginning) =>
        node.Log.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    private static StatusEvent Status(RequestStatus status, int version) => new(status, null, version, "test") { Version = version };

    private static bool Ended(Watcher watcher) =>
        watcher.Seen.OfType<StatusEvent>().LastOrDefault()?.Status == RequestStatus.Completed;

    private static void AssertNothingTwice(Watcher watcher) => Assert.Equal(watcher.Seen.Distinct(), watcher.Seen);

    private LocationEvent Place() => new(PositionRole.Operator, 48.1, 11.5, ++_time, null, null, null);

    private async Task PublishPlaceAsync() => Assert.NotNull(await _one!.Streams.PublishAsync(_request, Place(), Token));

    private async Task PublishAsync(RequestStatus status, int version) =>
        Assert.NotNull(await _one!.Streams.PublishAsync(_request, Status(status, version), Token));

    private void Break(string how)
    {
        if (how == "silent")
        {
            _redis!.Stall();
            return;
        }

        _redis!.Kill();
        if (how == "killed, and forgets")
        {
            _redis.Forget();
        }
    }

    private async Task RepairAsync(string how)
    {
        if (how == "silent")
        {
            _redis!.GoOn();
        }
        else
        {
            await _redis!.StartAsync(Token);
        }
    }
}

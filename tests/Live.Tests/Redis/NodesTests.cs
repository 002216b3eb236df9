using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Two nodes with one Redis that the tests do not disturb.</summary>
public sealed class NodesTests(RedisFixture redis) : IAsyncLifetime
{
    private readonly Guid _request = Guid.NewGuid();
    private readonly RecordingListener _all = new();
    private LiveNode? _one;
    private LiveNode? _other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _one = await LiveNode.StartAsync(redis.Configuration, leaveAfter: "00:00:00.100");
        _other = await LiveNode.StartAsync(redis.Configuration, leaveAfter: "00:00:00.100");
    }

    public async ValueTask DisposeAsync()
    {
        await _one!.DisposeAsync();
        await _other!.DisposeAsync();
    }

    [Fact]
    public async Task Who_watches_on_another_node_sees_every_event_once_and_in_order()
    {
        using var here = await Watcher.StartAsync(_one!.Streams, _request, Token);
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
            (i % 3 == 0 ? _other : _one).Streams.PublishAsync(_request, Presence(i), Token).AsTask()));

        await Eventually.TrueAsync(() => here.Seen.Count == 500 && there.Seen.Count == 500, Token);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), there.Cursors.Select(cursor => cursor.Sequence));
        Assert.Equal(here.Seen, there.Seen);
        Assert.Equal((1, 1), (here.Snapshots, there.Snapshots));
    }

    [Fact]
    public async Task Who_watches_all_is_told_in_the_order_of_a_stream()
    {
        using var all = _one!.Streams.SubscribeAll(_all);
        await Task.WhenAll(Enumerable.Range(1, 500).Select(i => _one.Streams.PublishAsync(_request, Presence(i), Token).AsTask()));
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), _all.Sequences);
        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), _all.Events.Select(e => ((PresenceEvent)e.Numbered.Event).Since));
    }

    [Fact]
    public async Task A_cursor_of_one_node_is_good_on_another()
    {
        await _one!.Streams.PublishAsync(_request, Status(RequestStatus.EnRoute, 1), Token);
        var cursor = (await _one.Streams.PublishAsync(_request, Place(1), Token))!.Cursor;
        await _one.Streams.PublishAsync(_request, Place(2), Token);
        await _one.Streams.PublishAsync(_request, Place(3), Token);

        using var subscription = await _other!.Streams.SubscribeAsync(_request, cursor, new RecordingListener(), Token);
        Assert.True(subscription.IsRecovered);
        Assert.Equal<LiveEvent>([Place(2), Place(3)], subscription.Missed.Select(missed => missed.Event));
        Assert.Equal(Place(3), subscription.Snapshot.Operator);
        Assert.Equal(RequestStatus.EnRoute, subscription.Snapshot.Status!.Status);
    }

    [Fact]
    public async Task A_node_hears_nothing_of_what_nobody_on_it_watches()
    {
        using var all = _other!.Streams.SubscribeAll(_all);
        using (await Watcher.StartAsync(_other.Streams, _request, Token))
        {
            await _one!.Streams.PublishAsync(Guid.NewGuid(), Place(1), Token);
            Assert.Equal(1, _other.Known);
        }

        // It lets go of the stream, and a publisher never had one.
        await Eventually.TrueAsync(() => _other.Known == 0, Token);
        Assert.Equal(0, _one.Known);
        Assert.Empty(_all.Events);
        await _other.Streams.PublishAsync(_request, Place(5), Token);
        Assert.Single(_all.Events);
    }

    [Fact]
    public async Task A_stream_that_was_left_is_heard_again()
    {
        for (var round = 1; round <= 20; round++)
        {
            using var watcher = await Watcher.StartAsync(_other!.Streams, _request, Token);
            var seen = watcher.Seen.Count;
            await _one!.Streams.PublishAsync(_request, Place(round), Token);
            await Eventually.TrueAsync(() => watcher.Seen.Count == seen + 1, Token);
            watcher.Dispose();
            if (round % 5 == 0)
            {
                await Eventually.TrueAsync(() => _other.Known == 0, Token);
            }
        }
    }

    [Fact]
    public async Task A_status_that_was_overtaken_is_refused()
    {
        await _one!.Streams.PublishAsync(_request, Status(RequestStatus.Arrived, 4), Token);
        Assert.Null(await _other!.Streams.PublishAsync(_request, Status(RequestStatus.EnRoute, 3), Token));
        using var subscription = await _other.Streams.SubscribeAsync(_request, null, new RecordingListener(), Token);
        Assert.Equal(RequestStatus.Arrived, subscription.Snapshot.Status!.Status);
    }

    [Fact]
    public async Task A_seed_of_one_node_is_the_snapshot_of_all()
    {
        using var there = await Watcher.StartAsync(_other!.Streams, _request, Token);
        await _one!.Streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute, 2), Place(7), null), Token);
        await _other.Streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.Pending, 1), null, null), Token);

        using var subscription = await _other.Streams.SubscribeAsync(_request, null, new RecordingListener(), Token);
        Assert.Equal(RequestStatus.EnRoute, subscription.Snapshot.Status!.Status);
        Assert.Equal(Place(7), subscription.Snapshot.Operator);
        Assert.Null(await _other.Streams.PublishAsync(_request, Place(7), Token));
    }

    private static LocationEvent Place(long timestamp) => new(PositionRole.Operator, 48.1, 11.5, timestamp, 1, null, null);

    private static PresenceEvent Presence(long since) => new(PresenceEvent.Online, since);

    private static StatusEvent Status(RequestStatus status, int version) => new(status, null, 1, "test") { Version = version };
}

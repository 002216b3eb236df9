using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Live.Tests;

/// <summary>What every <see cref="ILiveStreams"/> must do.</summary>
public abstract class LiveStreamsContract
{
    protected const int RingSize = 8;

    private readonly Guid _request = Guid.NewGuid();
    private readonly RecordingListener _listener = new();

    protected FakeTimeProvider Time { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ILiveStreams Create();

    protected static LocationEvent Place(long timestamp, PositionRole role = PositionRole.Operator) =>
        new(role, 48.1, 11.5, timestamp, null, null, null);

    protected static StatusEvent Status(RequestStatus status) => new(status, null, 1, "test");

    [Fact]
    public async Task Numbers_events_from_1_in_one_epoch()
    {
        var streams = Create();
        var first = await streams.PublishAsync(_request, Status(RequestStatus.Pending), Token);
        var second = await streams.PublishAsync(_request, Place(1), Token);

        Assert.Equal((1, 2), (first!.Cursor.Sequence, second!.Cursor.Sequence));
        Assert.Equal(first.Cursor.Epoch, second.Cursor.Epoch);
        Assert.True(Cursor.TryParse(second.Cursor.ToString(), out var parsed));
        Assert.Equal(second.Cursor, parsed);
    }

    [Fact]
    public async Task Streams_of_different_requests_do_not_mix()
    {
        var streams = Create();
        using var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        await streams.PublishAsync(Guid.NewGuid(), Place(1), Token);
        Assert.Empty(_listener.Events);
        Assert.NotEqual(
            subscription.Cursor.Epoch, (await streams.SubscribeAsync(Guid.NewGuid(), null, _listener, Token)).Cursor.Epoch);
    }

    [Fact]
    public async Task A_subscription_has_the_snapshot_and_gets_what_follows()
    {
        var streams = Create();
        await streams.PublishAsync(_request, Status(RequestStatus.EnRoute), Token);
        await streams.PublishAsync(_request, Place(10), Token);
        await streams.PublishAsync(_request, Place(20, PositionRole.Customer), Token);

        using var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        await streams.PublishAsync(_request, Place(30), Token);

        Assert.Equal(
            new LiveSnapshot(Status(RequestStatus.EnRoute), Place(10), Place(20, PositionRole.Customer)),
            subscription.Snapshot);
        Assert.Equal(3, subscription.Cursor.Sequence);
        Assert.Empty(subscription.Missed);
        Assert.False(subscription.IsRecovered);
        Assert.Equal(Place(30), Assert.Single(_listener.Events).Numbered.Event);
    }

    [Fact]
    public async Task The_newest_presence_is_in_the_snapshot_until_the_end()
    {
        var streams = Create();
        await streams.PublishAsync(_request, new PresenceEvent(PresenceEvent.Online, 5), Token);
        await streams.SeedAsync(_request, new LiveSnapshot(Status(RequestStatus.EnRoute), Place(10), null), Token);
        await streams.PublishAsync(_request, new PresenceEvent(PresenceEvent.Offline, 7), Token);

        using var running = await streams.SubscribeAsync(_request, null, _listener, Token);
        await streams.PublishAsync(_request, Status(RequestStatus.Completed), Token);
        using var over = await streams.SubscribeAsync(_request, null, _listener, Token);

        Assert.Equal(new PresenceEvent(PresenceEvent.Offline, 7), running.Snapshot.Presence);
        Assert.Null(over.Snapshot.Presence);
    }

    [Fact]
    public async Task A_disposed_subscription_gets_nothing()
    {
        var streams = Create();
        var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        subscription.Dispose();
        subscription.Dispose();
        await streams.PublishAsync(_request, Place(1), Token);
        Assert.Empty(_listener.Events);
    }

    [Fact]
    public async Task A_late_location_is_refused_per_role()
    {
        var streams = Create();
        using var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        Assert.NotNull(await streams.PublishAsync(_request, Place(100), Token));
        Assert.Null(await streams.PublishAsync(_request, Place(100), Token));
        Assert.Null(await streams.PublishAsync(_request, Place(99), Token));
        Assert.NotNull(await streams.PublishAsync(_request, Place(99, PositionRole.Customer), Token));
        Assert.NotNull(await streams.PublishAsync(_request, Place(101), Token));
        Assert.Equal([1, 2, 3], _listener.Sequences);
    }

    [Theory]
    [InlineData(RequestStatus.Completed)]
    [InlineData(RequestStatus.Cancelled)]
    public async Task After_a_final_status_there_are_no_places(RequestStatus final)
    {
        var streams = Create();
        await streams.PublishAsync(_request, Place(1), Token);
        await streams.PublishAsync(_request, Place(1, PositionRole.Customer), Token);
        await streams.PublishAsync(_request, Status(final), Token);

        Assert.Null(await streams.PublishAsync(_request, Place(2), Token));
        Assert.Null(await streams.PublishAsync(_request, Place(2, PositionRole.Customer), Token));
        using var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        Assert.Equal(new LiveSnapshot(Status(final), null, null), subscription.Snapshot);
    }

    [Fact]
    public async Task A_cursor_in_the_ring_recovers_the_missed_events()
    {
        var streams = Create();
        var cursor = (await streams.PublishAsync(_request, Place(1), Token))!.Cursor;
        for (var i = 2; i <= RingSize + 1; i++)
        {
            await streams.PublishAsync(_request, Place(i), Token);
        }

        using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
        Assert.True(subscription.IsRecovered);
        Assert.Equal(Enumerable.Range(2, RingSize).Select(i => (long)i),
            subscription.Missed.Select(m => m.Cursor.Sequence));
    }

    [Fact]
    public async Task A_cursor_at_the_end_recovers_nothing_and_says_so()
    {
        var streams = Create();
        var cursor = (await streams.PublishAsync(_request, Place(1), Token))!.Cursor;
        using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
        Assert.True(subscription.IsRecovered);
        Assert.Empty(subscription.Missed);
    }

    [Fact]
    public async Task A_cursor_that_does_not_fit_recovers_nothing()
    {
        var streams = Create();
        var first = (await streams.PublishAsync(_request, Place(1), Token))!.Cursor;
        for (var i = 2; i <= RingSize + 2; i++)
        {
            await streams.PublishAsync(_request, Place(i), Token);
        }

        foreach (var cursor in new[] { first with { Epoch = "another" }, first with { Sequence = 1000 } })
        {
            using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
            Assert.False(subscription.IsRecovered);
            Assert.Empty(subscription.Missed);
        }
    }

    [Fact]
    public async Task A_cursor_before_the_ring_gets_what_the_ring_has()
    {
        var streams = Create();
        var first = (await streams.PublishAsync(_request, Place(1), Token))!.Cursor;
        for (var i = 2; i <= RingSize + 2; i++)
        {
            await streams.PublishAsync(_request, Place(i), Token);
        }

        foreach (var cursor in new[] { first, first with { Sequence = 0 } })
        {
            using var subscription = await streams.SubscribeAsync(_request, cursor, _listener, Token);
            Assert.False(subscription.IsRecovered);
            Assert.Equal(
                Enumerable.Range(3, RingSize).Select(i => (long)i), subscription.Missed.Select(m => m.Cursor.Sequence));
        }
    }

    [Fact]
    public async Task A_seed_fills_only_what_is_unknown()
    {
        var streams = Create();
        Assert.False(await streams.HasSnapshotAsync(_request, Token));
        await streams.PublishAsync(_request, Place(50), Token);
        Assert.False(await streams.HasSnapshotAsync(_request, Token));

        await streams.SeedAsync(_request, new(Status(RequestStatus.EnRoute), Place(40), Place(30, PositionRole.Customer)), Token);
        await streams.SeedAsync(_request, new(Status(RequestStatus.Completed), null, null), Token);

        Assert.True(await streams.HasSnapshotAsync(_request, Token));
        using var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        Assert.Equal(
            new LiveSnapshot(Status(RequestStatus.EnRoute), Place(50), Place(30, PositionRole.Customer)),
            subscription.Snapshot);
    }

    [Fact]
    public async Task A_listener_of_all_gets_every_stream()
    {
        var streams = Create();
        var other = Guid.NewGuid();
        using (streams.SubscribeAll(_listener))
        {
            await streams.PublishAsync(_request, Place(1), Token);
            await streams.PublishAsync(other, Place(1), Token);
        }

        await streams.PublishAsync(other, Place(2), Token);
        Assert.Equal([_request, other], _listener.Events.Select(e => e.RequestId));
    }

    [Fact]
    public async Task A_listener_that_throws_costs_only_itself()
    {
        var streams = Create();
        using var broken = await streams.SubscribeAsync(_request, null, new BrokenListener(), Token);
        using var subscription = await streams.SubscribeAsync(_request, null, _listener, Token);
        Assert.NotNull(await streams.PublishAsync(_request, Place(1), Token));
        Assert.Single(_listener.Events);
    }

    [Fact]
    public async Task Subscribing_while_others_publish_loses_and_doubles_nothing()
    {
        const int Publishers = 4;
        const int Each = 2_000;
        var streams = Create();
        var publishers = Enumerable.Range(0, Publishers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                await streams.PublishAsync(_request, Status(RequestStatus.EnRoute), Token);
            }
        }, Token)).ToArray();

        var watchers = Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            var listener = new RecordingListener();
            return (Listener: listener, Subscription: await streams.SubscribeAsync(_request, null, listener, Token));
        }, Token)).ToArray();
        await Task.WhenAll(publishers);

        foreach (var (listener, subscription) in await Task.WhenAll(watchers))
        {
            subscription.Dispose();
            var first = (int)subscription.Cursor.Sequence;
            Assert.Equal(
                Enumerable.Range(first + 1, (Publishers * Each) - first).Select(i => (long)i), listener.Sequences);
        }
    }

    [Fact]
    public async Task Resuming_again_and_again_sees_every_event_once()
    {
        var streams = Create();
        var seen = new List<long>();
        Cursor? cursor = (await streams.SubscribeAsync(_request, null, new RecordingListener(), Token)).Cursor;
        for (var round = 0; round < 50; round++)
        {
            var listener = new RecordingListener();
            using var subscription = await streams.SubscribeAsync(_request, cursor, listener, Token);
            Assert.True(subscription.IsRecovered);
            seen.AddRange(subscription.Missed.Select(m => m.Cursor.Sequence));
            await streams.PublishAsync(_request, Status(RequestStatus.EnRoute), Token);
            seen.AddRange(listener.Sequences);
            cursor = listener.Events[^1].Numbered.Cursor;
            subscription.Dispose();
            await streams.PublishAsync(_request, Status(RequestStatus.EnRoute), Token);
        }

        Assert.Equal(Enumerable.Range(1, 99).Select(i => (long)i), seen);
    }

    private sealed class BrokenListener : ILiveListener
    {
        public void OnEvent(Guid requestId, NumberedEvent numbered) => throw new InvalidOperationException("broken");
    }

    [Fact]
    public async Task An_eta_lasts_as_long_as_the_drive()
    {
        var streams = Create();
        await streams.PublishAsync(_request, Status(RequestStatus.Assigned), Token);
        Assert.Null(await streams.PublishAsync(_request, Eta(1), Token));

        await streams.PublishAsync(_request, Status(RequestStatus.EnRoute), Token);
        Assert.NotNull(await streams.PublishAsync(_request, Eta(2), Token));
        await streams.PublishAsync(_request, Place(1), Token);
        Assert.Equal(Eta(2), (await SnapshotAsync(streams)).Eta);

        await streams.PublishAsync(_request, Status(RequestStatus.Arrived), Token);
        Assert.Null((await SnapshotAsync(streams)).Eta);
        Assert.Null(await streams.PublishAsync(_request, Eta(3), Token));
        Assert.Null((await SnapshotAsync(streams)).Eta);
    }

    private static EtaEvent Eta(int seconds) => new(seconds, 1_000, 5_000, 1, 9, "test", 1);

    private async Task<LiveSnapshot> SnapshotAsync(ILiveStreams streams)
    {
        using var subscription = await streams.SubscribeAsync(_request, null, new RecordingListener(), Token);
        return subscription.Snapshot;
    }
}

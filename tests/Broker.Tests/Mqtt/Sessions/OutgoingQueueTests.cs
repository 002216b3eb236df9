using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;

namespace ArtMqtt.Broker.Tests.Mqtt.Sessions;

public sealed class OutgoingQueueTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    private readonly OutgoingQueue _queue = new();

    [Fact]
    public void Sends_in_order_as_far_as_the_window_allows()
    {
        Add("1");
        Add("2");
        Add("3");

        var first = _queue.TakeNext(window: 2, _now)!;
        Assert.Equal(("1", (ushort)1), (TextOf(first), first.PacketId));
        Assert.Equal("2", TextOf(_queue.TakeNext(window: 2, _now)!));
        Assert.Null(_queue.TakeNext(window: 2, _now));

        Assert.True(_queue.Complete(1, quality: 1));
        Assert.False(_queue.Complete(1, quality: 1));
        Assert.Equal("3", TextOf(_queue.TakeNext(window: 2, _now)!));
    }

    [Fact]
    public void What_is_in_flight_comes_again_in_its_order_with_its_identifier()
    {
        Add("1", quality: 2);
        Add("2");
        var first = _queue.TakeNext(window: 10, _now)!;
        _queue.TakeNext(window: 10, _now);
        Assert.True(_queue.Release(first.PacketId));
        Assert.False(_queue.Release(2));

        var again = _queue.TakeUnacknowledged();

        Assert.Equal([(true, (ushort)1), (false, (ushort)2)], again.Select(q => (q.IsReleased, q.PacketId)));
    }

    [Fact]
    public void Expired_messages_are_skipped()
    {
        Add("late", expiresAt: _now);
        Add("good");

        Assert.Equal("good", TextOf(_queue.TakeNext(window: 10, _now)!));
    }

    [Fact]
    public void Where_only_the_newest_counts_it_takes_the_place_of_the_older_one()
    {
        Add("1", isNewestWins: true);
        Add("other");
        Add("2", isNewestWins: true);

        Assert.Equal(2, _queue.Waiting);
        Assert.Equal("2", TextOf(_queue.TakeNext(window: 10, _now)!));

        // What is in flight can no longer be replaced.
        Add("3", isNewestWins: true);
        Assert.Equal(2, _queue.Waiting);
    }

    [Fact]
    public void Is_bounded()
    {
        Assert.True(_queue.TryAdd(Queued("1"), limit: 1));
        Assert.False(_queue.TryAdd(Queued("2"), limit: 1));
        _queue.DropOldest();
        Assert.True(_queue.TryAdd(Queued("2"), limit: 1));
    }

    [Fact]
    public void The_store_hears_only_of_what_is_still_there()
    {
        _queue.Changes.IsKept = true;
        Add("came and went");
        Add("stays");
        _queue.TakeNext(window: 10, _now);
        _queue.Complete(1, quality: 1);

        var (touched, removed) = _queue.Changes.Take();
        Assert.Equal("stays", TextOf(Assert.Single(touched)));
        Assert.Empty(removed);

        _queue.TakeNext(window: 10, _now);
        _queue.Complete(2, quality: 1);
        (touched, removed) = _queue.Changes.Take();
        Assert.Empty(touched);
        Assert.Equal([2L], removed);
    }

    private void Add(
        string text, byte quality = 1, DateTimeOffset? expiresAt = null, bool isNewestWins = false) =>
        Assert.True(_queue.TryAdd(Queued(text, quality, expiresAt, isNewestWins), limit: 100));

    private static QueuedMessage Queued(
        string text, byte quality = 1, DateTimeOffset? expiresAt = null, bool isNewestWins = false) =>
        new(
            new Message
            {
                Topic = "t",
                Payload = System.Text.Encoding.UTF8.GetBytes(text),
                ExpiresAt = expiresAt,
                IsNewestWins = isNewestWins,
            },
            quality, false, null);

    private static string TextOf(QueuedMessage queued) => System.Text.Encoding.UTF8.GetString(queued.Message.Payload.Span);
}

using ArtMqtt.Broker.Mirror;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Tests.Mirror;

public sealed class MirrorQueueTests
{
    private readonly MirrorQueue _queue = new(capacity: 2);
    private readonly Guid _a = Guid.NewGuid();
    private readonly Guid _b = Guid.NewGuid();
    private readonly Guid _c = Guid.NewGuid();

    [Fact]
    public void The_newest_location_of_a_request_and_role_wins()
    {
        Add(_a, Location(PositionRole.Operator, 1));
        Add(_a, Location(PositionRole.Customer, 2));
        Add(_a, Location(PositionRole.Operator, 3));

        Assert.Equal([3d, 2d], Drain().Select(e => ((LocationEvent)e.Event).Lat));
    }

    [Fact]
    public void Status_events_stay_in_order_and_come_first()
    {
        Add(_a, Location(PositionRole.Operator, 1));
        Add(_a, Status(RequestStatus.EnRoute));
        Add(_a, Status(RequestStatus.Arrived));

        Assert.Equal(
            [Status(RequestStatus.EnRoute), Status(RequestStatus.Arrived), Location(PositionRole.Operator, 1)],
            Drain().Select(e => e.Event));
    }

    [Fact]
    public void The_newest_eta_of_a_request_wins_and_none_follows_the_status_that_ends_it()
    {
        Add(_a, Eta(1));
        Add(_a, Location(PositionRole.Operator, 1));
        Add(_a, Eta(2));
        Assert.Equal([Eta(2), Location(PositionRole.Operator, 1)], Drain().Select(e => e.Event));

        Add(_a, Eta(3));
        Add(_b, Eta(4));
        Add(_a, Status(RequestStatus.Arrived));
        Assert.Equal([Status(RequestStatus.Arrived), Eta(4)], Drain().Select(e => e.Event));
        Assert.Equal(0, _queue.Dropped);
    }

    [Fact]
    public void The_oldest_gives_way_and_is_counted()
    {
        foreach (var id in (Guid[])[_a, _b, _c])
        {
            Add(id, Location(PositionRole.Operator, 1));
            Add(id, Status(RequestStatus.EnRoute));
        }

        Assert.Equal([_b, _c, _b, _c], Drain().Select(e => e.RequestId));
        Assert.Equal(2, _queue.Dropped);
    }

    [Fact]
    public async Task Waiting_ends_when_something_comes()
    {
        var wait = _queue.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);

        Add(_a, Status(RequestStatus.EnRoute));

        await wait;
    }

    [Fact]
    public void Retained_statuses_go_when_they_are_due_or_too_many()
    {
        var retained = new RetainedStatuses(capacity: 2, keepFinal: TimeSpan.FromHours(1));
        var now = DateTimeOffset.UnixEpoch;
        retained.Set(_a, isFinal: true, now);
        retained.Set(_b, isFinal: false, now);
        Assert.False(retained.TryTakeSurplus(now, out _));

        retained.Set(_a, isFinal: true, now);
        retained.Set(_c, isFinal: false, now);
        Assert.True(retained.TryTakeSurplus(now, out var oldest));
        Assert.Equal(_b, oldest);

        Assert.True(retained.TryTakeSurplus(now + TimeSpan.FromHours(1), out var due));
        Assert.Equal(_a, due);
        Assert.False(retained.TryTakeSurplus(now + TimeSpan.FromHours(1), out _));
        Assert.Equal(1, retained.Count);
    }

    private void Add(Guid requestId, LiveEvent liveEvent) =>
        _queue.OnEvent(requestId, new NumberedEvent(new Cursor("e", 1), liveEvent));

    private List<(Guid RequestId, LiveEvent Event)> Drain()
    {
        var all = new List<(Guid, LiveEvent)>();
        while (_queue.TryTake(out var requestId, out var next))
        {
            all.Add((requestId, next!));
        }

        return all;
    }

    private static LocationEvent Location(PositionRole role, double lat) => new(role, lat, 0, 0, null, null, null);

    private static EtaEvent Eta(int seconds) => new(seconds, 1_000, 5_000, 1, 9, "test", 1);

    private static StatusEvent Status(RequestStatus status) => new(status, null, 0, "dispatcher");
}

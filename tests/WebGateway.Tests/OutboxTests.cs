using System.Diagnostics.Metrics;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Live;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What waits for one connection.</summary>
public sealed class OutboxTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Outbox _outbox;
    private int _overflows;
    private long _sequence;

    public OutboxTests()
    {
        var metrics = new GatewayMetrics(_services.GetRequiredService<IMeterFactory>());
        _outbox = new Outbox(maxPendingStatus: 2, metrics, () => _overflows++, () => { });
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Nothing_leaves_before_the_reply_and_all_of_it_after()
    {
        var watch = NewWatch();
        Offer(watch, Place());
        Assert.Empty(Take());
        _outbox.Open(watch);
        Assert.Equal([1], Take());
    }

    [Fact]
    public void The_newest_place_of_each_role_leaves_in_the_order_of_the_stream()
    {
        var watch = NewWatch();
        _outbox.Open(watch);
        Offer(watch, Place());
        Offer(watch, Place(PositionRole.Customer));
        Offer(watch, Status(RequestStatus.Arrived));
        Offer(watch, Place());
        Assert.Equal([2, 3, 4], Take());
        Assert.Empty(Take());
    }

    [Fact]
    public void Requests_take_turns()
    {
        var (first, second) = (NewWatch(), NewWatch());
        _outbox.Open(first);
        _outbox.Open(second);
        Offer(first, Place());
        Offer(second, Place());
        Offer(first, Place());
        Assert.Equal([3], Take());
        Assert.Equal([2], Take());
    }

    [Fact]
    public void A_final_status_takes_the_places_that_still_wait_with_it()
    {
        var watch = NewWatch();
        _outbox.Open(watch);
        Offer(watch, Place());
        Offer(watch, Status(RequestStatus.Completed));
        Offer(watch, Place());
        Assert.Equal([2], Take());
    }

    [Fact]
    public void Places_of_the_operator_wait_for_the_assignment()
    {
        var watch = NewWatch();
        watch.Status = RequestStatus.Pending;
        _outbox.Open(watch);
        Offer(watch, Place());
        Assert.Empty(Take());
        Offer(watch, Status(RequestStatus.Assigned));
        Offer(watch, Place());
        Assert.Equal([2, 3], Take());
    }

    [Fact]
    public void Too_many_status_events_of_all_requests_together_overflow_once()
    {
        var (first, second) = (NewWatch(), NewWatch());
        Offer(first, Status(RequestStatus.EnRoute));
        Offer(second, Status(RequestStatus.EnRoute));
        Assert.Equal(0, _overflows);
        Offer(first, Status(RequestStatus.Arrived));
        Offer(first, Status(RequestStatus.Arrived));
        Assert.Equal(1, _overflows);
    }

    [Fact]
    public void An_ended_watch_is_forgotten_and_makes_room()
    {
        var (ended, other) = (NewWatch(), NewWatch());
        _outbox.Open(ended);
        _outbox.Open(other);
        Offer(ended, Status(RequestStatus.EnRoute));
        Offer(ended, Status(RequestStatus.Arrived));
        _outbox.End(ended);
        Offer(ended, Place());
        Offer(other, Status(RequestStatus.EnRoute));
        Offer(other, Status(RequestStatus.Arrived));
        Assert.Equal(0, _overflows);
        Assert.Equal([4, 5], Take());
        Assert.Empty(Take());
    }

    private static LocationEvent Place(PositionRole role = PositionRole.Operator) => new(role, 1, 2, 3, null, null, null);

    private static StatusEvent Status(RequestStatus status) => new(status, null, 1, "test");

    private Watch NewWatch() => new(Guid.NewGuid(), _outbox) { Status = RequestStatus.EnRoute };

    private void Offer(Watch watch, LiveEvent e) =>
        watch.OnEvent(watch.RequestId, new NumberedEvent(new Cursor("epoch", ++_sequence), e));

    private IEnumerable<long> Take()
    {
        var pending = new List<NumberedEvent>();
        _outbox.TakeNext(pending);
        return pending.Select(p => p.Cursor.Sequence);
    }
}

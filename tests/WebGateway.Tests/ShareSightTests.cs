using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Sharing;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Which fields of which event a share shows in which status.</summary>
public sealed class ShareSightTests
{
    private static readonly LocationEvent _operator = new(PositionRole.Operator, 48, 11, 1, 5, 90, 4);
    private static readonly LocationEvent _customer = new(PositionRole.Customer, 48, 11, 1, null, null, 4);
    private static readonly PresenceEvent _presence = new(PresenceEvent.Online, 1);

    public static TheoryData<RequestStatus?, bool, bool> Phases => new()
    {
        { null, false, false },
        { RequestStatus.Pending, false, false },
        { RequestStatus.Assigned, false, false },
        { RequestStatus.EnRoute, true, false },
        { RequestStatus.Arrived, true, false },
        { RequestStatus.InProgress, false, true },
        { RequestStatus.Completed, false, false },
        { RequestStatus.Cancelled, false, false },
    };

    [Theory]
    [MemberData(nameof(Phases))]
    public void Places_show_within_the_phase_and_the_status_always(RequestStatus? status, bool isShown, bool isOver)
    {
        foreach (var role in Enum.GetValues<ShareRole>())
        {
            var share = Of(role);
            Assert.Equal(isShown, ShareSight.Of(share, status, _operator) is not null);
            Assert.Equal(isShown && role == ShareRole.Customer, ShareSight.Of(share, status, _customer) is not null);
            Assert.Equal(isShown && role == ShareRole.Customer, ShareSight.Of(share, status, _presence) is not null);
            var change = new StatusEvent(status ?? default, null, 1, "test");
            Assert.Same(change, ShareSight.Of(share, status, change));
            Assert.Equal(isOver, status is { } known && share.IsOverAt(known));
            var snapshot = ShareSight.Of(share, new LiveSnapshot(status is null ? null : change, _operator, _customer) { Presence = _presence });
            Assert.Equal(isShown, snapshot.Operator is not null);
            Assert.Equal(isShown && role == ShareRole.Customer, snapshot.Customer is not null);
            Assert.Equal(isShown && role == ShareRole.Customer, snapshot.Presence is not null);
        }
    }

    [Fact]
    public void All_viewers_get_one_and_the_same_event_without_accuracy()
    {
        var whole = new NumberedEvent(new Cursor("e", 1), _operator);
        var seen = ShareSight.Of(Of(ShareRole.Viewer), RequestStatus.EnRoute, whole);
        Assert.Equal(_operator with { Accuracy = null }, seen!.Event);
        Assert.Equal(whole.Cursor, seen.Cursor);
        Assert.Same(seen, ShareSight.Of(Of(ShareRole.Viewer), RequestStatus.Arrived, whole));
        Assert.Same(whole, ShareSight.Of(Of(ShareRole.Customer), RequestStatus.EnRoute, whole));
    }

    [Fact]
    public void What_was_missed_is_shown_as_it_could_have_been_seen_then()
    {
        var share = Of(ShareRole.Viewer);
        LiveEvent[] events =
        [
            _operator, Status(RequestStatus.Assigned, RequestStatus.EnRoute), _operator, _customer,
            Status(RequestStatus.EnRoute, RequestStatus.Arrived), Status(RequestStatus.Arrived, RequestStatus.InProgress), _operator,
        ];
        var missed = events.Select((e, i) => new NumberedEvent(new Cursor("e", i), e)).ToList();
        Assert.Equal([1L, 2, 4, 5], ShareSight.Of(share, missed, RequestStatus.InProgress).Select(e => e.Cursor.Sequence));
        Assert.Equal([0L], ShareSight.Of(share, missed[..1], RequestStatus.EnRoute).Select(e => e.Cursor.Sequence));
        Assert.Empty(ShareSight.Of(share, missed[..1], RequestStatus.Assigned));
    }

    private static StatusEvent Status(RequestStatus previous, RequestStatus status) => new(status, previous, 1, "test");

    private static ShareRecord Of(ShareRole role) => new(
        1, Guid.Empty, role, new SharePhase(RequestStatus.EnRoute, RequestStatus.Arrived), null, default, "test", default,
        null, 0, null);
}

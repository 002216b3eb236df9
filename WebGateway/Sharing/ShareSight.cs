using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// What of a request a share shows. Outside of its phase: the status. Within, to a viewer: the operator's place, speed and
/// heading; to a customer: what the customer sees. What is not named here is not shown. No I/O.
/// </summary>
internal static class ShareSight
{
    // All viewers of a request get the same event, so that whoever writes it can do so once for all of them.
    private static readonly ConditionalWeakTable<NumberedEvent, NumberedEvent> _forViewers = [];

    /// <summary>The event as the holder may see it; null when it may not.</summary>
    /// <param name="share">The share.</param>
    /// <param name="status">The request's status at that moment; null when it is not known.</param>
    /// <param name="numbered">What happened.</param>
    public static NumberedEvent? Of(ShareRecord share, RequestStatus? status, NumberedEvent numbered)
    {
        var visible = Of(share, status, numbered.Event);
        return visible is null ? null
            : ReferenceEquals(visible, numbered.Event) ? numbered
            : _forViewers.GetValue(numbered, whole => whole with { Event = visible });
    }

    /// <summary>The event as the holder may see it; null when it may not.</summary>
    /// <param name="share">The share.</param>
    /// <param name="status">The request's status at that moment; null when it is not known.</param>
    /// <param name="liveEvent">What happened.</param>
    public static LiveEvent? Of(ShareRecord share, RequestStatus? status, LiveEvent liveEvent)
    {
        if (liveEvent is StatusEvent)
        {
            return liveEvent;
        }

        if (status is not { } known || share.Phase.StandingAt(known) != PhaseStanding.Within)
        {
            return null;
        }

        return liveEvent switch
        {
            _ when share.Role == ShareRole.Customer => liveEvent,
            LocationEvent { Role: PositionRole.Operator } place => place with { Accuracy = null },
            _ => null,
        };
    }

    /// <summary>The snapshot as the holder may see it.</summary>
    public static LiveSnapshot Of(ShareRecord share, LiveSnapshot snapshot)
    {
        var status = snapshot.Status?.Status;
        return new LiveSnapshot(
            snapshot.Status, Of(share, status, snapshot.Operator), Of(share, status, snapshot.Customer))
        {
            Presence = Of(share, status, snapshot.Presence),
        };
    }

    /// <summary>Events that were missed, each as the holder could have seen it when it happened.</summary>
    /// <param name="share">The share.</param>
    /// <param name="missed">All of them, oldest first.</param>
    /// <param name="status">The status after them.</param>
    public static IReadOnlyList<NumberedEvent> Of(
        ShareRecord share, IReadOnlyList<NumberedEvent> missed, RequestStatus? status)
    {
        var seen = new List<NumberedEvent>();
        var changes = missed.Select(numbered => numbered.Event).OfType<StatusEvent>();
        var then = changes.FirstOrDefault() is { } first ? first.Previous : status;
        foreach (var numbered in missed)
        {
            then = numbered.Event is StatusEvent change ? change.Status : then;
            if (Of(share, then, numbered) is { } visible)
            {
                seen.Add(visible);
            }
        }

        return seen;
    }

    private static T? Of<T>(ShareRecord share, RequestStatus? status, T? liveEvent)
        where T : LiveEvent =>
        liveEvent is null ? null : (T?)Of(share, status, (LiveEvent)liveEvent);
}

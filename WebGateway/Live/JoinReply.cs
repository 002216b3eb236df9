using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>The answer to <c>join:request</c>.</summary>
/// <param name="Cursor">Where the stream stands; give it back to recover after a break.</param>
/// <param name="Snapshot">The newest of everything.</param>
/// <param name="Missed">Events after the caller's cursor, oldest first.</param>
/// <param name="Recovered">Whether <paramref name="Missed"/> closes the gap.</param>
internal sealed record JoinReply(
    string Cursor, SnapshotView Snapshot, IReadOnlyList<MissedEvent> Missed, bool Recovered) : IJsonOnSerialized
{
    private Action? _whenWritten;

    /// <summary>The reply of a subscription, without what may not be seen.</summary>
    /// <param name="subscription">The subscription that just began.</param>
    /// <param name="missedEvents">What the caller missed, all of it; null when that is not known.</param>
    /// <param name="whenWritten">Called once when the reply is in the connection's output; null for nothing.</param>
    public static JoinReply Of(
        ILiveSubscription subscription, IReadOnlyList<NumberedEvent>? missedEvents, Action? whenWritten = null)
    {
        var snapshot = LiveVisibility.Of(subscription.Snapshot);
        var status = snapshot.Status?.Status;
        return new JoinReply(
            subscription.Cursor.ToString(),
            new SnapshotView(
                StatusView.Of(snapshot.Status), snapshot.Operator, snapshot.Customer, snapshot.Presence),
            [.. (missedEvents ?? [])
                .Where(missed => LiveVisibility.Shows(status, missed.Event))
                .Select(missed => new MissedEvent(missed.Event.Name, missed.Cursor.Sequence, missed.Event))],
            missedEvents is not null)
        { _whenWritten = whenWritten };
    }

    /// <summary>
    /// SignalR writes a message while it holds the connection's write lock, so what is sent because of this call comes
    /// after the reply.
    /// </summary>
    public void OnSerialized() => Interlocked.Exchange(ref _whenWritten, null)?.Invoke();
}

/// <summary>The newest of everything.</summary>
internal sealed record SnapshotView(
    StatusView? Status, LocationEvent? Operator, LocationEvent? Customer, PresenceEvent? Presence);

/// <summary>A status and since when.</summary>
internal sealed record StatusView(RequestStatus Status, long At, string By)
{
    public static StatusView? Of(StatusEvent? e) => e is null ? null : new StatusView(e.Status, e.At, e.By);
}

/// <summary>An event the caller missed.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Data">Its fields; declared as object so that all are written.</param>
internal sealed record MissedEvent(string Name, long Seq, object Data);

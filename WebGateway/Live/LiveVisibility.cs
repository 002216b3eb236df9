using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Which events of a request are shown in which status. No I/O.</summary>
internal static class LiveVisibility
{
    /// <summary>
    /// Whether watchers may be told. The operator shows from the assignment to the end, the customer until the end;
    /// of a status that is not known nothing follows but the status.
    /// </summary>
    public static bool Shows(RequestStatus? status, LiveEvent liveEvent) => liveEvent switch
    {
        StatusEvent or ShareEndedEvent => true,
        LocationEvent { Role: PositionRole.Customer } => status is { } known && !known.IsFinal(),
        _ => status is { } known && known.ShowsOperator(),
    };

    /// <summary>The snapshot without what may not be seen.</summary>
    public static LiveSnapshot Of(LiveSnapshot snapshot)
    {
        var status = snapshot.Status?.Status;
        return snapshot with
        {
            Operator = snapshot.Operator is { } op && Shows(status, op) ? op : null,
            Customer = snapshot.Customer is { } customer && Shows(status, customer) ? customer : null,
            Presence = snapshot.Presence is { } presence && Shows(status, presence) ? presence : null,
        };
    }
}

using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Requests;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>A place on the map.</summary>
/// <param name="Lat">Degrees north, -90 to 90.</param>
/// <param name="Lng">Degrees east, -180 to 180.</param>
internal sealed record Place(double Lat, double Lng);

/// <summary>What a new request needs.</summary>
/// <param name="Pickup">Where the customer waits.</param>
/// <param name="CustomerName">Shown to the operator; at most 200 characters.</param>
/// <param name="Note">Shown to the operator; at most 2,000 characters.</param>
internal sealed record CreateRequestBody(Place Pickup, string? CustomerName = null, string? Note = null)
{
    /// <summary>
    /// The firm whose it is, in the form of a device id; left out: the caller's. Only admins of all give another.
    /// </summary>
    // Not in the hash of a body without it: the same call may have been made before there were tenants.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tenant { get; init; }
}

/// <summary>Which device serves the request.</summary>
internal sealed record AssignBody(string DeviceId);

/// <summary>What the request becomes: en_route, arrived, in_progress, completed or cancelled.</summary>
internal sealed record ChangeStatusBody(string Status);

/// <summary>What the operator is told.</summary>
/// <param name="Note">At most 2,000 characters; null takes it away.</param>
internal sealed record ChangeNoteBody(string? Note);

/// <summary>
/// A request as it is shown; its tenant is the firm whose it is, empty for none. Where arrivals are only proposed, it says
/// since when the operator seems to have arrived.
/// </summary>
internal sealed record RequestView(
    Guid RequestId, RequestStatus Status, string? DeviceId, Place Pickup, string? CustomerName, string? Note,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version, string Tenant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ArrivalNoticedAt)
{
    public static RequestView Of(RequestRecord request) => new(
        request.RequestId, request.Status, request.DeviceId, new Place(request.PickupLat, request.PickupLng),
        request.CustomerName, request.Note, request.CreatedAt, request.UpdatedAt, request.Version, request.Tenant,
        request.ArrivalNoticedAt);
}

/// <summary>A new request with the customer's token and link, which are shown this once.</summary>
internal sealed record CreatedRequestView(
    Guid RequestId, RequestStatus Status, string? DeviceId, Place Pickup, string? CustomerName, string? Note,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version, string Tenant, string TrackingToken, string TrackingUrl)
{
    public static CreatedRequestView Of(RequestRecord request, string trackingToken, string trackingUrl)
    {
        var view = RequestView.Of(request);
        return new CreatedRequestView(
            view.RequestId, view.Status, view.DeviceId, view.Pickup, view.CustomerName, view.Note, view.CreatedAt,
            view.UpdatedAt, view.Version, view.Tenant, trackingToken, trackingUrl);
    }
}

/// <summary>A page of requests, newest first.</summary>
/// <param name="Items">The requests.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record RequestPage(IReadOnlyList<RequestView> Items, string? Next);

using System.Globalization;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Requests;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>The part of a request's life that a link shows.</summary>
/// <param name="From">First status: pending, assigned, en_route, arrived or in_progress. Default assigned.</param>
/// <param name="To">Last status, of the same. Default in_progress.</param>
internal sealed record PhasesBody(string? From = null, string? To = null);

/// <summary>A link to hand out.</summary>
/// <param name="Role"><c>viewer</c> (default) or <c>customer</c>.</param>
/// <param name="Label">For whom it is; at most 100 characters.</param>
/// <param name="Phases">When it shows more than the status; default: from assigned to in_progress.</param>
/// <param name="ExpiresAt">When it ends at the latest; default and limit: Gateway:Sharing:MaxLife from now.</param>
internal sealed record CreateShareBody(
    string? Role = null, string? Label = null, PhasesBody? Phases = null, DateTimeOffset? ExpiresAt = null);

/// <summary>First and last status.</summary>
internal sealed record PhasesView(RequestStatus From, RequestStatus To)
{
    public static PhasesView Of(SharePhase phase) => new(phase.From, phase.To);
}

/// <summary>A link as its makers see it: without what opens it.</summary>
/// <param name="ShareId">Names it in the API; opens nothing.</param>
/// <param name="Role">viewer or customer.</param>
/// <param name="Label">For whom it is.</param>
/// <param name="Phases">When it shows more than the status.</param>
/// <param name="State">active, ended, expired or revoked.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">admin, dispatcher or customer.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
/// <param name="RevokedAt">Since when it is revoked.</param>
/// <param name="Opens">How often it was opened.</param>
/// <param name="LastOpenedAt">When it was opened last.</param>
internal sealed record ShareView(
    string ShareId, string Role, string? Label, PhasesView Phases, string State, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, long Opens, DateTimeOffset? LastOpenedAt)
{
    public static ShareView Of(ShareRecord share, RequestStatus status, DateTimeOffset now) => new(
        NameOf(share.ShareId), RoleOf(share), share.Label, PhasesView.Of(share.Phase),
        share.RevokedAt is not null ? "revoked"
            : share.Phase.StandingAt(status) == PhaseStanding.Over ? "ended"
            : now >= share.ExpiresAt ? "expired"
            : "active",
        share.CreatedAt, share.CreatedBy, share.ExpiresAt, share.RevokedAt, share.Opens, share.LastOpenedAt);

    public static string RoleOf(ShareRecord share) => share.Role == ShareRole.Customer ? "customer" : "viewer";

    public static string NameOf(uint shareId) => shareId.ToString("x8", CultureInfo.InvariantCulture);

    public static bool TryParseName(string name, out uint shareId)
    {
        shareId = 0;
        return name.Length == 8
            && uint.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out shareId);
    }
}

/// <summary>A new link; what opens it is shown this once.</summary>
internal sealed record CreatedShareView(
    string ShareId, string Role, string? Label, PhasesView Phases, DateTimeOffset ExpiresAt, string Token, string Url);

/// <summary>All links of a request, newest first.</summary>
internal sealed record ShareList(IReadOnlyList<ShareView> Items);

/// <summary>That somebody opened a link: came to watch, not only loaded the page.</summary>
/// <param name="At">When.</param>
/// <param name="Address">The network it came from; the whole address with Gateway:Sharing:FullAddresses.</param>
/// <param name="Agent">Kind of program.</param>
/// <param name="Way">hub, stream or poll.</param>
internal sealed record ShareOpeningView(DateTimeOffset At, string Address, string Agent, string Way)
{
    public static ShareOpeningView Of(ShareOpening opening) =>
        new(opening.At, opening.Address, opening.Agent, opening.Way);
}

/// <summary>Who opened a link, newest first.</summary>
internal sealed record ShareOpeningList(IReadOnlyList<ShareOpeningView> Items);

/// <summary>What the caller's link is good for.</summary>
/// <param name="RequestId">The request it opens.</param>
/// <param name="Role">viewer or customer.</param>
/// <param name="Phases">When it shows more than the status.</param>
/// <param name="ExpiresAt">When it ends at the latest.</param>
/// <param name="Status">Where the request stands.</param>
internal sealed record OpenedShareView(
    Guid RequestId, string Role, PhasesView Phases, DateTimeOffset ExpiresAt, RequestStatus Status);

/// <summary>A request as the holder of a shared link may see it.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Pickup">Where the customer waits; for links of the role customer, while their phase lasts.</param>
/// <param name="UpdatedAt">When it changed last.</param>
internal sealed record SharedRequestView(Guid RequestId, RequestStatus Status, Place? Pickup, DateTimeOffset UpdatedAt)
{
    public static SharedRequestView Of(ShareRecord share, RequestRecord request) => new(
        request.RequestId, request.Status,
        share.Role == ShareRole.Customer && share.Phase.StandingAt(request.Status) == PhaseStanding.Within
            ? new Place(request.PickupLat, request.PickupLng)
            : null,
        request.UpdatedAt);
}

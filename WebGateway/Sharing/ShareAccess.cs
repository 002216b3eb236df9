using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>What a caller with a shared link may do. No I/O.</summary>
internal static class ShareAccess
{
    /// <summary>The share a caller comes with, or null.</summary>
    public static ShareRecord? Share(this ClaimsPrincipal user) => (user.Identity as ShareIdentity)?.Share;

    /// <summary>Whether the caller may watch the request live: who may see it, and who has a link to it.</summary>
    public static bool MayWatch(this ClaimsPrincipal user, Guid requestId) =>
        user.MaySee(requestId) || user.Share()?.RequestId == requestId;

    /// <summary>
    /// Whether a link shows nothing any more of a request in this status. Of one that is over it still shows the last status.
    /// </summary>
    public static bool IsOverAt(this ShareRecord share, RequestStatus status) =>
        !status.IsFinal() && share.Phase.StandingAt(status) == PhaseStanding.Over;

    /// <summary>Why the caller's link shows nothing any more, or null.</summary>
    public static ShareEnd? WhyOver(this ClaimsPrincipal user, IFleetDirectory fleet) =>
        user.Share() is { } share && fleet.FindRequest(share.RequestId) is { } request && share.IsOverAt(request.Status)
            ? ShareEnd.Over
            : null;

    /// <summary>Whether the caller may send the customer's position with a link, at this moment.</summary>
    public static bool MaySendAsCustomer(this ClaimsPrincipal user, Guid requestId, IFleetDirectory fleet) =>
        user.Share() is { Role: ShareRole.Customer } share && share.RequestId == requestId
            && fleet.FindRequest(requestId) is { } request
            && share.Phase.StandingAt(request.Status) == PhaseStanding.Within;

    /// <summary>410 that says why.</summary>
    public static ProblemHttpResult Problem(this ShareEnd end) =>
        Problems.Create(StatusCodes.Status410Gone, end.Code(), end.Describe());
}

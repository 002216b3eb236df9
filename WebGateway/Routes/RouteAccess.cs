using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Whether what is asked for exists, and whether the caller may have it.</summary>
internal static class RouteAccess
{
    /// <summary>Null when the caller may see the route of a request at this moment.</summary>
    public static async Task<ProblemHttpResult?> RefuseAsync(
        Guid requestId, ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests,
        CancellationToken cancellationToken)
    {
        if (!user.MaySee(requestId, fleet) || await requests.FindAsync(requestId, cancellationToken) is not { } request)
        {
            return Problems.RequestNotFound();
        }

        return user.MayReadAll() || request.Status.ShowsOperator() ? null : Problems.RouteNotVisible();
    }

    /// <summary>Null when there is such a device.</summary>
    public static async Task<ProblemHttpResult?> RefuseAsync(
        string deviceId, DeviceRepository devices, CancellationToken cancellationToken) =>
        DeviceIds.IsValid(deviceId) && await devices.FindAsync(deviceId, cancellationToken) is not null
            ? null
            : Problems.DeviceNotFound(deviceId);
}

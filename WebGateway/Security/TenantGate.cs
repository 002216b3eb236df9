using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Security;

/// <summary>
/// The one place that keeps firms apart where an address names a device or a request (<c>{deviceId}</c>,
/// <c>{requestId}</c>): what belongs to another firm does not exist. An endpoint that is added has it already. What lists,
/// searches or takes ids in its body asks with the caller's scope.
/// </summary>
internal sealed class TenantGate(Tenants tenants)
{
    /// <summary>Route value with the id of a device.</summary>
    public const string DeviceValue = "deviceId";

    /// <summary>Route value with the id of a request.</summary>
    public const string RequestValue = "requestId";

    /// <summary>As middleware, behind the authorization.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.Identity?.IsAuthenticated == true && await RefuseAsync(context) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    /// <summary>Whether a request is of a firm the caller may know of; also when there is no such request.</summary>
    public async ValueTask<bool> MayKnowAsync(ClaimsPrincipal user, Guid requestId, CancellationToken cancellationToken) =>
        user.Scope() is { Tenant: null }
        || await tenants.OfRequestAsync(requestId, cancellationToken) is not { } tenant || user.Scope().Covers(tenant);

    /// <summary>The same of a device.</summary>
    public async ValueTask<bool> MayKnowAsync(ClaimsPrincipal user, string deviceId, CancellationToken cancellationToken) =>
        user.Scope() is { Tenant: null } || !DeviceIds.IsValid(deviceId)
        || await tenants.OfDeviceAsync(deviceId, cancellationToken) is not { } tenant || user.Scope().Covers(tenant);

    private async ValueTask<ProblemHttpResult?> RefuseAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        if (values[RequestValue] is { } request && Guid.TryParse(request.ToString(), out var requestId)
            && !await MayKnowAsync(context.User, requestId, context.RequestAborted))
        {
            return Problems.RequestNotFound();
        }

        return values[DeviceValue] is string deviceId && !await MayKnowAsync(context.User, deviceId, context.RequestAborted)
            ? Problems.DeviceNotFound(deviceId)
            : null;
    }
}

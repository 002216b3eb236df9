using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Who calls, as claims: an admin, a dispatcher, an analyst, the customer of one request, or who comes with a device.</summary>
internal static class Caller
{
    public const string Admin = "admin";
    public const string Dispatcher = "dispatcher";
    public const string Analyst = "analyst";
    public const string Customer = "customer";
    public const string Device = "device";
    private const string Operator = "operator";
    private const string RequestClaim = "request";
    private const string DeviceClaim = "device";
    private const string TenantClaim = "tenant";
    private const string SubjectClaim = "sub";
    private const string TokenClaim = "jti";

    public static ClaimsPrincipal CreateAdmin(string scheme) => Create(scheme, Admin);

    public static ClaimsPrincipal CreateDispatcher(string scheme) => Create(scheme, Dispatcher);

    public static ClaimsPrincipal CreateCustomer(string scheme, Guid requestId) =>
        Create(scheme, Customer, new Claim(RequestClaim, requestId.ToString("D")));

    /// <summary>A device that has shown its secret.</summary>
    public static ClaimsPrincipal CreateDevice(string scheme, string deviceId) =>
        Create(scheme, Device, new Claim(DeviceClaim, deviceId));

    /// <summary>The holder of a JSON Web Token.</summary>
    public static ClaimsPrincipal Create(string scheme, TokenCaller caller) => caller switch
    {
        { Role: CallerRole.Admin } => Create(scheme, Admin, [.. About(caller)]),
        { Role: CallerRole.Dispatcher } => Create(scheme, Dispatcher, [.. About(caller)]),
        { Role: CallerRole.Analyst } => Create(scheme, Analyst, [.. About(caller)]),
        { RequestId: { } requestId } => Create(
            scheme, Customer, [new Claim(RequestClaim, requestId.ToString("D")), .. About(caller)]),
        _ => Create(scheme, Device, [new Claim(DeviceClaim, caller.DeviceId!), .. About(caller)]),
    };

    /// <summary>Whether the caller may read everything of its tenant.</summary>
    public static bool MayReadAll(this ClaimsPrincipal user) =>
        user.IsInRole(Admin) || user.IsInRole(Dispatcher) || user.IsInRole(Analyst);

    /// <summary>The tenant whose rows the caller sees and makes; null for an admin of all, empty when there are no tenants.</summary>
    public static string? Tenant(this ClaimsPrincipal user) =>
        user.FindFirst(TenantClaim)?.Value ?? (user.IsInRole(Admin) ? null : "");

    /// <summary>
    /// Whose devices and requests the caller may know of. Who comes with one request or device and names no tenant is held to
    /// that one.
    /// </summary>
    public static TenantScope Scope(this ClaimsPrincipal user) =>
        user.FindFirst(TenantClaim) is { } tenant ? TenantScope.Of(tenant.Value)
        : user.MayReadAll() && !user.IsInRole(Admin) ? TenantScope.None
        : TenantScope.All;

    /// <summary>Whether the caller may make something for a tenant.</summary>
    /// <param name="user">The caller.</param>
    /// <param name="wanted">The tenant it names, or null.</param>
    /// <param name="tenant">The tenant it is for; empty for none.</param>
    public static bool MayName(this ClaimsPrincipal user, string? wanted, out string tenant)
    {
        tenant = wanted ?? user.Tenant() ?? "";
        return user.Scope().Covers(tenant);
    }

    /// <summary>Who it is for the issuer of the token, or null.</summary>
    public static string? Subject(this ClaimsPrincipal user) => user.FindFirst(SubjectClaim)?.Value;

    /// <summary>The <c>jti</c> of the JSON Web Token it comes with; null when that has none, or it comes with something else.</summary>
    public static string? TokenId(this ClaimsPrincipal user) => user.FindFirst(TokenClaim)?.Value;

    /// <summary>On whose word something is changed, for those who look at it later.</summary>
    public static string Word(this ClaimsPrincipal user) =>
        user.IsInRole(Admin) ? Admin : user.IsInRole(Device) ? Operator : Dispatcher;

    /// <summary>The request of a customer, or null.</summary>
    public static Guid? RequestId(this ClaimsPrincipal user) =>
        user.FindFirst(RequestClaim) is { } claim ? Guid.Parse(claim.Value) : null;

    /// <summary>The device of who comes with one, or null.</summary>
    public static string? DeviceId(this ClaimsPrincipal user) => user.FindFirst(DeviceClaim)?.Value;

    /// <summary>
    /// Whether the caller may know of a request of its own tenant (<see cref="TenantGate"/>) at all. Those who may not
    /// are told that it does not exist.
    /// </summary>
    public static bool MaySee(this ClaimsPrincipal user, Guid requestId) =>
        user.MayReadAll() || user.HasClaim(RequestClaim, requestId.ToString("D"));

    /// <summary>The same; also for the device that is assigned to the request at this moment.</summary>
    public static bool MaySee(this ClaimsPrincipal user, Guid requestId, IFleetDirectory fleet) =>
        user.MaySee(requestId) || (user.DeviceId() is { } deviceId
            && fleet.FindRequest(requestId)?.DeviceId == deviceId);

    /// <summary>As whom the caller publishes positions.</summary>
    public static PositionCaller ToPositionCaller(this ClaimsPrincipal user) => new(
        user.FindFirst(DeviceClaim)?.Value,
        Guid.TryParse(user.FindFirst(RequestClaim)?.Value, out var requestId) ? requestId : null);

    private static IEnumerable<Claim> About(TokenCaller caller)
    {
        if (caller.Tenant is { } tenant)
        {
            yield return new Claim(TenantClaim, tenant);
        }

        if (caller.Subject is { } subject)
        {
            yield return new Claim(SubjectClaim, subject);
        }

        if (caller.TokenId is { } tokenId)
        {
            yield return new Claim(TokenClaim, tokenId);
        }
    }

    private static ClaimsPrincipal Create(string scheme, string role, params Claim[] more) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Role, role), .. more], scheme));
}

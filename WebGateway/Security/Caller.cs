using System.Security.Claims;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Who calls, as claims: a dispatcher, or the customer of one request.</summary>
internal static class Caller
{
    public const string Dispatcher = "dispatcher";
    public const string Customer = "customer";
    private const string RequestClaim = "request";

    public static ClaimsPrincipal CreateDispatcher(string scheme) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Role, Dispatcher)], scheme));

    public static ClaimsPrincipal CreateCustomer(string scheme, Guid requestId) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Role, Customer), new Claim(RequestClaim, requestId.ToString("D"))], scheme));

    public static bool IsDispatcher(this ClaimsPrincipal user) => user.IsInRole(Dispatcher);

    /// <summary>Whether the caller may know of the request at all. Those who may not are told that it does not exist.</summary>
    public static bool MaySee(this ClaimsPrincipal user, Guid requestId) =>
        user.IsDispatcher() || user.HasClaim(RequestClaim, requestId.ToString("D"));
}

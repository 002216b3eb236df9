using Microsoft.AspNetCore.Cors.Infrastructure;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Pages of which other sites may call the API and read the answer.</summary>
/// <remarks>
/// Any by default, and that gives them nothing: there is no cookie, browsers add no credential of ours by themselves, so a
/// page must have a token and send it. A list is for those whose rules ask for one. WebSockets know no such rule.
/// </remarks>
internal sealed class OtherSitesOptions
{
    public const string Section = "Gateway:Cors";

    /// <summary>Origins (<c>https://shop.example.org</c>); none: any.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    internal static bool IsValid(OtherSitesOptions options) => options.AllowedOrigins.All(
        origin => Uri.TryCreate(origin, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")
            && address.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase));

    internal void Apply(CorsPolicyBuilder policy)
    {
        policy.AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("ETag", "Idempotent-Replayed", "Retry-After");
        if (AllowedOrigins.Count == 0)
        {
            policy.AllowAnyOrigin();
        }
        else
        {
            policy.WithOrigins([.. AllowedOrigins]);
        }
    }
}

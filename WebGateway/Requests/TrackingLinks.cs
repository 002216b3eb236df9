using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>The link a customer gets. The token is behind the <c>#</c>: browsers do not send it, servers do not log it.</summary>
internal sealed class TrackingLinks(IOptions<GatewayOptions> options)
{
    /// <summary>Path of the page, before the request's id.</summary>
    public const string Path = "/t";

    /// <summary>The same in links that were sent before there was the short one.</summary>
    public const string OldPath = "/track";

    public string Create(HttpRequest request, Guid requestId, AccessToken token)
    {
        var site = options.Value.PublicUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return $"{site}{Path}/{requestId:D}#{token}";
    }
}

using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>The link a customer gets. The token is behind the <c>#</c>: browsers do not send it, servers do not log it.</summary>
internal sealed class TrackingLinks(IOptions<GatewayOptions> options)
{
    public string Create(HttpRequest request, Guid requestId, AccessToken token)
    {
        var site = options.Value.PublicUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return $"{site}/track/{requestId:D}#{token}";
    }
}

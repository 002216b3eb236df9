using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>The link that is handed out. What opens it is behind the <c>#</c>, where no server and no preview sees it.</summary>
internal sealed class ShareLinks(IOptions<GatewayOptions> options)
{
    /// <summary>Path of the page; as short as it can be.</summary>
    public const string Path = "/s";

    public string Create(HttpRequest request, ShareToken token)
    {
        var site = options.Value.PublicUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return $"{site}{Path}#{token.Code}";
    }
}

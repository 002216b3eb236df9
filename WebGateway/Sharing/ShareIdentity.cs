using System.Security.Claims;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// Who comes with a shared link. It has no claim of a request, a device or a role that anybody else asks for: what is not
/// opened to shares in so many words is closed to them.
/// </summary>
/// <param name="scheme">How it signed in.</param>
/// <param name="share">The share, as it was then.</param>
/// <param name="version">Of <see cref="ShareDirectory"/> then: with another one, the share may have been revoked since.</param>
internal sealed class ShareIdentity(string scheme, ShareRecord share, long version)
    : ClaimsIdentity([new Claim(ClaimTypes.Role, RoleName)], scheme)
{
    public const string RoleName = "share";

    public ShareRecord Share => share;

    public long Version => version;
}

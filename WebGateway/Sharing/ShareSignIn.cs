using System.Security.Claims;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Signs in with the token of a shared link.</summary>
internal sealed class ShareSignIn(ShareDirectory shares, ShareSeal seal, FailedAttempts failures, TimeProvider time)
{
    /// <summary>Checks a token. One that was right once is told why it is no more; any other is only wrong.</summary>
    public async Task<SignInResult> SignInAsync(ShareToken token, HttpContext context)
    {
        var share = shares.FindInMemory(token.ShareId, out var version);
        if (share is null && failures.IsExhausted(context))
        {
            return Refused(SignInFailure.Exhausted);
        }

        share ??= await shares.FindInStoreAsync(token.ShareId, version, context.RequestAborted);
        if (share is null || !seal.Matches(token, share))
        {
            return Refused(SignInFailure.Invalid);
        }

        if (share.RevokedAt is not null)
        {
            return Refused(SignInFailure.ShareRevoked);
        }

        return time.GetUtcNow() >= share.ExpiresAt
            ? Refused(SignInFailure.ShareExpired)
            : new SignInResult(
                new AuthenticationTicket(
                    new ClaimsPrincipal(new ShareIdentity(AccessTokenHandler.SchemeName, share, version)),
                    AccessTokenHandler.SchemeName),
                SignInFailure.None);
    }

    private static SignInResult Refused(SignInFailure failure) => new(null, failure);
}

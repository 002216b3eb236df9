using System.Security.Claims;
using System.Text;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Says who comes with a token: an <see cref="AccessToken"/>, that of a shared link, or a JSON Web Token.</summary>
internal sealed class TokenSignIn(
    CredentialHasher hasher, DispatcherCredential dispatcher, AdminCredential admin, CustomerTokens customers,
    TokenCallers tokens, ShareSignIn shares, FailedAttempts failures)
{
    private const int MaxSecretBytes = 512;

    /// <summary>Whether the text has the form of a token; others are no wrong tokens, but none.</summary>
    public bool Takes(string text) => tokens.Takes(text) || AccessToken.TryParse(text, out _) || ShareToken.TryParse(text, out _);

    /// <summary>Checks a token; a wrong one counts against the address it comes from.</summary>
    public async Task<SignInResult> SignInAsync(string text, HttpContext context)
    {
        var isExhausted = false;
        if (tokens.Takes(text))
        {
            var result = tokens.SignIn(text);
            if (result.Failure != SignInFailure.Invalid)
            {
                return result;
            }
        }
        else if (ShareToken.TryParse(text, out var shared))
        {
            var result = await shares.SignInAsync(shared, context);
            if (result.Failure is not (SignInFailure.Invalid or SignInFailure.Exhausted))
            {
                return result;
            }

            isExhausted = result.Failure == SignInFailure.Exhausted;
        }
        else if (AccessToken.TryParse(text, out var token))
        {
            var (user, isRefused) = await VerifyAsync(token, context);
            if (user is not null)
            {
                return new SignInResult(
                    new AuthenticationTicket(user, AccessTokenHandler.SchemeName), SignInFailure.None);
            }

            isExhausted = isRefused;
        }

        isExhausted |= failures.IsExhausted(context);
        failures.Count(context);
        return new SignInResult(null, isExhausted ? SignInFailure.Exhausted : SignInFailure.Invalid);
    }

    private async Task<(ClaimsPrincipal? User, bool IsRefused)> VerifyAsync(AccessToken token, HttpContext context)
    {
        if (Encoding.UTF8.GetByteCount(token.Secret) > MaxSecretBytes)
        {
            return (null, false);
        }

        var secret = Encoding.UTF8.GetBytes(token.Secret);
        if (token.RequestId is not { } requestId)
        {
            return (VerifyPerson(secret, token.IsAdmin), false);
        }

        var hash = customers.FindInMemory(requestId);
        if (hash is null && failures.IsExhausted(context))
        {
            return (null, true);
        }

        hash ??= await customers.FindInStoreAsync(requestId, context.RequestAborted);
        return (
            hash is { } stored && hasher.Verify(secret, stored.Span)
                ? Caller.CreateCustomer(AccessTokenHandler.SchemeName, requestId)
                : null,
            false);
    }

    private ClaimsPrincipal? VerifyPerson(byte[] secret, bool isAdmin) =>
        !hasher.Verify(secret, isAdmin ? admin.Hash.Span : dispatcher.Hash.Span) ? null
        : isAdmin ? Caller.CreateAdmin(AccessTokenHandler.SchemeName)
        : Caller.CreateDispatcher(AccessTokenHandler.SchemeName);
}

/// <summary>Why a token was not taken.</summary>
internal enum SignInFailure
{
    /// <summary>It was.</summary>
    None,

    /// <summary>It is wrong.</summary>
    Invalid,

    /// <summary>It is wrong, or was not looked at: too many were, from this address.</summary>
    Exhausted,

    /// <summary>Nobody can tell at this moment.</summary>
    Unavailable,

    /// <summary>The secret is right, but its device is disabled.</summary>
    DeviceDisabled,

    /// <summary>It was right until it was revoked.</summary>
    TokenRevoked,

    /// <summary>It is that of a shared link that was revoked.</summary>
    ShareRevoked,

    /// <summary>It is that of a shared link whose time is up.</summary>
    ShareExpired,
}

/// <param name="Ticket">Who it is, and until when; null when the token was not taken.</param>
/// <param name="Failure">Why not.</param>
internal sealed record SignInResult(AuthenticationTicket? Ticket, SignInFailure Failure);

using System.Text.Encodings.Web;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Live;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Security;

/// <summary>
/// Signs in with <c>Authorization: Bearer</c> and an <see cref="AccessToken"/> or a JSON Web Token; on the hub and on streams of
/// server-sent events also with the query parameter <c>access_token</c>, because browsers cannot set headers on those. A device
/// signs in with <c>Authorization: Basic</c>, its id and its secret.
/// </summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    TokenSignIn signIn, DeviceSignIn devices)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "AccessToken";
    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    private SignInFailure _failure;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Endpoints for anybody look at credentials of their own, or at none: those are not wrong tokens.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return AuthenticateResult.NoResult();
        }

        SignInResult result;
        if (ReadHeader(BasicPrefix) is { } encoded)
        {
            result = devices.SignIn(encoded, Context);
        }
        else if (ReadToken() is { } text)
        {
            result = await signIn.SignInAsync(text, Context);
        }
        else
        {
            return AuthenticateResult.NoResult();
        }

        _failure = result.Failure;
        return result.Ticket is { } ticket
            ? AuthenticateResult.Success(ticket)
            : AuthenticateResult.Fail(
                _failure == SignInFailure.Unavailable ? "The token cannot be checked now." : "The token is not valid.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_failure == SignInFailure.Unavailable)
        {
            Response.Headers.RetryAfter = "1";
            return Problems.Create(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.TokenUnverifiable,
                "The key or the device of the token is not known at this moment; try again.").ExecuteAsync(Context);
        }

        if (_failure == SignInFailure.Exhausted)
        {
            Response.Headers.RetryAfter = "60";
            return Problems.Create(
                StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyAttempts,
                "Too many wrong tokens from this address; try again in a minute.").ExecuteAsync(Context);
        }

        if (_failure is SignInFailure.ShareRevoked or SignInFailure.ShareExpired)
        {
            var end = _failure == SignInFailure.ShareRevoked ? ShareEnd.Revoked : ShareEnd.Expired;
            return end.Problem().ExecuteAsync(Context);
        }

        if (_failure == SignInFailure.DeviceDisabled)
        {
            return Problems.DeviceDisabled().ExecuteAsync(Context);
        }

        // Not Basic: browsers would ask people for a password, over the page that knows better.
        Response.Headers.WWWAuthenticate = "Bearer";
        var (code, detail) = _failure switch
        {
            SignInFailure.Invalid => (ErrorCodes.TokenInvalid, "The access token is not valid."),
            SignInFailure.TokenRevoked => (ErrorCodes.TokenRevoked, "The access token was revoked."),
            _ => (ErrorCodes.TokenMissing, "Send 'Authorization: Bearer <access token>'."),
        };
        return Problems.Create(StatusCodes.Status401Unauthorized, code, detail).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var isForAdmins = Context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>()
            .Any(needed => needed.Policy == Policies.Admin) == true;
        var problem = isForAdmins
            ? Problems.Create(StatusCodes.Status403Forbidden, ErrorCodes.AdminOnly, "Only admins may do this.")
            : Problems.DispatcherOnly();
        return problem.ExecuteAsync(Context);
    }

    private string? ReadToken() => ReadHeader(BearerPrefix)
        ?? (TakesTokenInQuery(Request.Path) && Request.Query.TryGetValue("access_token", out var query) ? query.ToString() : null);

    private string? ReadHeader(string prefix)
    {
        var header = Request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? header[prefix.Length..].Trim() : null;
    }

    private static bool TakesTokenInQuery(PathString path) =>
        path.StartsWithSegments("/hubs")
        || (path.StartsWithSegments("/api/requests")
            && path.Value!.EndsWith(EventEndpoints.EventStreamPath, StringComparison.Ordinal));
}

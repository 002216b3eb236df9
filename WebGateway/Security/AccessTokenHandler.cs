using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using ArtMqtt.Contracts.Security;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Live;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Security;

/// <summary>
/// Signs in with <c>Authorization: Bearer</c> and an <see cref="AccessToken"/> or a JSON Web Token; on the hub and on streams of
/// server-sent events also with the query parameter <c>access_token</c>, because browsers cannot set headers on those.
/// </summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    CredentialHasher hasher, DispatcherCredential dispatcher, CustomerTokens customers, TokenCallers tokens,
    FailedAttempts failures)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "AccessToken";
    private const string BearerPrefix = "Bearer ";
    private const int MaxSecretBytes = 512;

    private bool _isInvalid;
    private bool _isExhausted;
    private bool _isUnavailable;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Endpoints for anybody look at credentials of their own, or at none: those are not wrong tokens.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null || ReadToken() is not { } text)
        {
            return AuthenticateResult.NoResult();
        }

        if (tokens.Takes(text))
        {
            if (tokens.SignIn(text, out _isUnavailable) is { } ticket)
            {
                return AuthenticateResult.Success(ticket);
            }

            if (_isUnavailable)
            {
                return AuthenticateResult.Fail("The token cannot be checked now.");
            }
        }
        else if (AccessToken.TryParse(text, out var token) && await VerifyAsync(token) is { } user)
        {
            return AuthenticateResult.Success(new AuthenticationTicket(user, SchemeName));
        }

        _isInvalid = true;
        _isExhausted |= failures.IsExhausted(Context);
        failures.Count(Context);
        return AuthenticateResult.Fail("The token is not valid.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_isUnavailable)
        {
            Response.Headers.RetryAfter = "1";
            return Problems.Create(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.TokenUnverifiable,
                "The key or the device of the token is not known at this moment; try again.").ExecuteAsync(Context);
        }

        if (_isExhausted)
        {
            Response.Headers.RetryAfter = "60";
            return Problems.Create(
                StatusCodes.Status429TooManyRequests, ErrorCodes.TooManyAttempts,
                "Too many wrong tokens from this address; try again in a minute.").ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = "Bearer";
        var problem = _isInvalid
            ? Problems.Create(
                StatusCodes.Status401Unauthorized, ErrorCodes.TokenInvalid, "The access token is not valid.")
            : Problems.Create(
                StatusCodes.Status401Unauthorized, ErrorCodes.TokenMissing,
                "Send 'Authorization: Bearer <access token>'.");
        return problem.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Create(
        StatusCodes.Status403Forbidden, ErrorCodes.DispatcherOnly, "Only dispatchers may do this.")
        .ExecuteAsync(Context);

    private string? ReadToken()
    {
        var header = Request.Headers[HeaderNames.Authorization].ToString();
        if (header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return header[BearerPrefix.Length..].Trim();
        }

        return TakesTokenInQuery(Request.Path) && Request.Query.TryGetValue("access_token", out var query)
            ? query.ToString()
            : null;
    }

    private static bool TakesTokenInQuery(PathString path) =>
        path.StartsWithSegments("/hubs")
        || (path.StartsWithSegments("/api/requests")
            && path.Value!.EndsWith(EventEndpoints.EventStreamPath, StringComparison.Ordinal));

    private async Task<ClaimsPrincipal?> VerifyAsync(AccessToken token)
    {
        if (Encoding.UTF8.GetByteCount(token.Secret) > MaxSecretBytes)
        {
            return null;
        }

        var secret = Encoding.UTF8.GetBytes(token.Secret);
        if (token.RequestId is not { } requestId)
        {
            return hasher.Verify(secret, dispatcher.Hash.Span) ? Caller.CreateDispatcher(SchemeName) : null;
        }

        var hash = customers.FindInMemory(requestId);
        if (hash is null && failures.IsExhausted(Context))
        {
            _isExhausted = true;
            return null;
        }

        hash ??= await customers.FindInStoreAsync(requestId, Context.RequestAborted);
        return hash is { } stored && hasher.Verify(secret, stored.Span)
            ? Caller.CreateCustomer(SchemeName, requestId)
            : null;
    }
}

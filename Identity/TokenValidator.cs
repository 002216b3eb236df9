using System.Buffers.Text;
using System.Text.Json;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtMqtt.Identity;

/// <summary>
/// Checks JSON Web Tokens and says who their holder is: without I/O, so that a sign-in never waits for the authority,
/// and goes on while it is away.
/// </summary>
public sealed class TokenValidator
{
    private readonly TokenOptions _options;
    private readonly KeyRing _ring;
    private readonly RevokedTokens _revoked;
    private readonly CallerRules _rules;
    private readonly CallerRules _localRules = new(new TokenOptions());
    private readonly TimeProvider _time;
    private readonly JsonWebTokenHandler _handler;

    internal TokenValidator(IOptions<TokenOptions> options, KeyRing ring, RevokedTokens revoked, TimeProvider time)
    {
        (_options, _ring, _revoked, _time) = (options.Value, ring, revoked, time);
        _rules = new CallerRules(_options);
        _handler = new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = _options.MaxLength };
    }

    /// <summary>Whether tokens are accepted at all.</summary>
    public bool IsEnabled => _options.HasKeys || _ring.Local is not null;

    /// <summary>Another number after every change of the authority's keys, and after every token that was taken back.</summary>
    public long Version => _ring.Version + _revoked.Version;

    /// <summary>Whether the text has the form of a token: nothing else that signs in here begins like one.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) =>
        text.StartsWith("ey", StringComparison.Ordinal) && text.Count('.') == 2;

    /// <summary>Whether the key a token was signed with is still one of those that count.</summary>
    public bool Knows(ReadOnlySpan<byte> keyThumbprint) => _ring.Knows(keyThumbprint);

    /// <summary>Whether the token of that <c>jti</c> was taken back.</summary>
    public bool IsRevoked(string? tokenId) => _revoked.Contains(tokenId);

    /// <summary>Checks a token.</summary>
    public TokenResult Validate(string token)
    {
        if (!IsEnabled)
        {
            return TokenResult.Refuse("not_configured");
        }

        if (token.Length > _options.MaxLength)
        {
            return TokenResult.Refuse("too_long");
        }

        if (TryRead(token) is not { } read)
        {
            return TokenResult.Refuse("malformed");
        }

        // What is not named here must be understood (RFC 7515, 4.1.11), and nothing of it is.
        var local = LocalKeyOf(read);
        var isAllowed = local is not null
            ? read.Alg == local.Algorithm
            : TokenKey.Algorithms.Contains(read.Alg) && _options.Allows(read.Alg);
        if (!isAllowed || read.TryGetHeaderValue<object>("crit", out _))
        {
            return TokenResult.Refuse("algorithm");
        }

        return (local is not null ? CheckLocal(read, local) : CheckSignature(read)) switch
        {
            { Key: { } key } => CheckClaims(read, key, local is null ? _rules : _localRules),
            { IsUnavailable: true } => TokenResult.Unavailable,
            { Reason: { } reason } => TokenResult.Refuse(reason),
        };
    }

    private static JsonWebToken? TryRead(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or FormatException or JsonException
            or InvalidOperationException)
        {
            return null;
        }
    }

    // Our own tokens say so; their key counts for no others, and no other for them.
    private TokenKey? LocalKeyOf(JsonWebToken token) =>
        _ring.Local is { } local && token.TryGetPayloadValue<string>("iss", out var issuer) && issuer == _options.LocalIssuer
            ? local.Public
            : null;

    private (TokenKey? Key, bool IsUnavailable, string Reason) CheckLocal(JsonWebToken token, TokenKey key)
    {
        var (_, reason) = Check(token, [key], _options.LocalIssuer, _options.LocalIssuer);
        return reason.Length == 0 ? (key, false, "") : (null, false, reason);
    }

    private (TokenKey? Key, bool IsUnavailable, string Reason) CheckSignature(JsonWebToken token)
    {
        var candidates = _ring.Keys.Find(token.Alg, token.Kid);
        var isNamed = !string.IsNullOrEmpty(token.Kid) && candidates.Any(key => key.KeyId == token.Kid);
        var mayCome = token.Alg != SecurityAlgorithms.HmacSha256 && !isNamed;
        if (candidates.Count == 0)
        {
            return (null, mayCome && _ring.MayComeLater(), "key_unknown");
        }

        if (_ring.Issuer is not { } issuer)
        {
            return (null, true, "issuer_unknown");
        }

        var (key, reason) = Check(token, candidates, issuer, _options.Audience);
        // It may be signed with a key that is as new as it is.
        return (key, reason == "signature" && mayCome && _ring.MayComeLater(), reason);
    }

    private (TokenKey? Key, string Reason) Check(
        JsonWebToken token, IReadOnlyList<TokenKey> candidates, string issuer, string? audience)
    {
        // Nothing in it waits: keys are at hand, so the task is complete when it is returned.
        var result = _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = audience,
            ValidAlgorithms = [token.Alg],
            IssuerSigningKeyResolver = (_, _, _, _) => candidates.Select(key => key.Key),
            RequireSignedTokens = true,
            ValidateLifetime = false,
        }).GetAwaiter().GetResult();
        if (result.IsValid)
        {
            return (candidates.First(key => ReferenceEquals(key.Key, result.SecurityToken.SigningKey)), "");
        }

        return result.Exception switch
        {
            SecurityTokenInvalidIssuerException => (null, "issuer"),
            SecurityTokenInvalidAudienceException => (null, "audience"),
            _ => (null, "signature"),
        };
    }

    private TokenResult CheckClaims(JsonWebToken token, TokenKey key, CallerRules rules)
    {
        var now = _time.GetUtcNow();
        if (token.ValidTo == DateTime.MinValue)
        {
            return TokenResult.Refuse("no_expiry");
        }

        var latest = DateTimeOffset.MaxValue - _options.ClockSkew;
        var expires = new DateTimeOffset(DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc));
        var expiresAt = expires < latest ? expires + _options.ClockSkew : DateTimeOffset.MaxValue;
        if (now >= expiresAt)
        {
            return TokenResult.Refuse("expired");
        }

        if (token.ValidFrom > (now + _options.ClockSkew).UtcDateTime)
        {
            return TokenResult.Refuse("not_yet_valid");
        }

        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.EncodedPayload));
        var result = rules.Read(new TokenClaims(payload.RootElement), expiresAt, key.Thumbprint);
        return result.Caller?.TokenId is not { } tokenId ? result
            : _revoked.Contains(tokenId) ? TokenResult.Revoked
            : _revoked.IsKnown ? result
            : TokenResult.RevocationsUnknown;
    }
}

using ArtMqtt.Identity.Keys;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtMqtt.Identity;

/// <summary>Issues tokens with <see cref="TokenOptions.LocalKeyFile"/>, for installations without an authority or beside one.</summary>
public sealed class TokenIssuer
{
    // The names of claims that are read when nothing else is set.
    private static readonly TokenOptions _names = new();

    private readonly TokenOptions _options;
    private readonly LocalKey? _key;
    private readonly TimeProvider _time;
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    internal TokenIssuer(IOptions<TokenOptions> options, KeyRing ring, TimeProvider time) =>
        (_options, _key, _time) = (options.Value, ring.Local, time);

    /// <summary>Whether there is a key.</summary>
    public bool IsEnabled => _key is not null;

    /// <summary>Longest time a token counts.</summary>
    public TimeSpan MaxLifetime => _options.LocalMaxLifetime;

    /// <summary>A token.</summary>
    /// <exception cref="InvalidOperationException">There is no key.</exception>
    public string Issue(TokenGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        using var key = (_key ?? throw new InvalidOperationException("There is no key to issue tokens with.")).Open();
        var claims = new Dictionary<string, object>
        {
            [_names.RoleClaim] = WordOf(grant.Role),
            ["jti"] = grant.TokenId.ToString("N"),
        };
        Add(claims, "sub", grant.Subject);
        Add(claims, _names.TenantClaim, grant.Tenant);
        Add(claims, _names.DeviceClaim, grant.DeviceId);
        Add(claims, _names.RequestClaim, grant.RequestId?.ToString("D"));
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = _options.LocalIssuer,
            Audience = _options.LocalIssuer,
            IssuedAt = _time.GetUtcNow().UtcDateTime,
            Expires = grant.ExpiresAt.UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256)
            {
                // What is cached would outlive the key.
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
    }

    private static void Add(Dictionary<string, object> claims, string name, string? value)
    {
        if (value is not null)
        {
            claims[name] = value;
        }
    }

    private static string WordOf(CallerRole role) => role switch
    {
        CallerRole.Admin => _names.AdminRole,
        CallerRole.Dispatcher => _names.DispatcherRole,
        CallerRole.Analyst => _names.AnalystRole,
        CallerRole.Operator => _names.OperatorRole,
        CallerRole.Device => _names.DeviceRole,
        _ => _names.CustomerRole,
    };
}

using ArtMqtt.Contracts;

namespace ArtMqtt.Identity;

/// <summary>Says who a token is, from its claims and the settings. No I/O.</summary>
internal sealed class CallerRules(TokenOptions options)
{
    // Of OpenID Connect.
    private const int MaxSubjectLength = 255;
    private const int MaxTokenIdLength = 255;

    // In the order of what they may do: who has several roles comes in the first of these.
    private readonly (CallerRole Role, string Word)[] _words =
    [
        (CallerRole.Admin, options.AdminRole), (CallerRole.Dispatcher, options.DispatcherRole),
        (CallerRole.Analyst, options.AnalystRole), (CallerRole.Operator, options.OperatorRole), (CallerRole.Device, options.DeviceRole),
        (CallerRole.Customer, options.CustomerRole),
    ];

    /// <summary>Who it is, or why it is nobody.</summary>
    public TokenResult Read(TokenClaims claims, DateTimeOffset expiresAt, ReadOnlyMemory<byte> keyThumbprint)
    {
        var subject = claims.Text("sub");
        if (subject is { Length: 0 or > MaxSubjectLength } || subject?.Any(char.IsControl) == true)
        {
            return TokenResult.Refuse("subject");
        }

        if (FindRole(claims) is not { } role)
        {
            return TokenResult.Refuse("role");
        }

        // One that cannot be read is not the same as none: it would give the rights of another firm.
        var tenant = claims.Text(options.TenantClaim);
        if (claims.Has(options.TenantClaim) && (tenant is null || !DeviceIds.IsValid(tenant)))
        {
            return TokenResult.Refuse("tenant");
        }

        var deviceId = role is CallerRole.Operator or CallerRole.Device ? FindDevice(claims, role, subject) : null;
        if (role is CallerRole.Operator or CallerRole.Device && deviceId is null)
        {
            return TokenResult.Refuse("device");
        }

        Guid? requestId = role == CallerRole.Customer && Guid.TryParse(claims.Text(options.RequestClaim), out var id)
            ? id
            : null;
        return role == CallerRole.Customer && requestId is null
            ? TokenResult.Refuse("request")
            : TokenResult.Accept(new TokenCaller(role, subject, deviceId, requestId, expiresAt, keyThumbprint)
            {
                Tenant = tenant,
                TokenId = claims.Text("jti") is { Length: > 0 and <= MaxTokenIdLength } tokenId ? tokenId : null,
            });
    }

    private CallerRole? FindRole(TokenClaims claims)
    {
        var roles = claims.Words(options.RoleClaim);
        foreach (var (role, word) in _words)
        {
            if (roles.Contains(word))
            {
                return role;
            }
        }

        // Roles that mean nothing here are not the same as none.
        return roles.Count == 0 ? options.DefaultRole : null;
    }

    private string? FindDevice(TokenClaims claims, CallerRole role, string? subject)
    {
        var deviceId = claims.Text(options.DeviceClaim) ?? (role == CallerRole.Device ? subject : null);
        return deviceId is not null && DeviceIds.IsValid(deviceId) ? deviceId : null;
    }
}

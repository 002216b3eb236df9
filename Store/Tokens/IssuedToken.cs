namespace ArtMqtt.Store.Tokens;

/// <summary>What is known of a token; nothing that opens.</summary>
/// <param name="TokenId">Its <c>jti</c>.</param>
/// <param name="Role">In which capacity its holder comes; null: another issuer made it.</param>
/// <param name="Tenant">The firm it belongs to; empty for none, for an admin: all.</param>
/// <param name="IssuedAt">When it was issued, UTC; of another issuer: when it was revoked.</param>
/// <param name="IssuedBy">Who had it issued; of another issuer: who revoked it.</param>
/// <param name="ExpiresAt">From when it counts no more, UTC.</param>
public sealed record IssuedToken(
    string TokenId, string? Role, string Tenant, DateTimeOffset IssuedAt, string IssuedBy, DateTimeOffset ExpiresAt)
{
    /// <summary>Who it is for, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>The device of an operator or device, or null.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The request of a customer, or null.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>Since when it is revoked, UTC, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Who revoked it, or null.</summary>
    public string? RevokedBy { get; init; }
}

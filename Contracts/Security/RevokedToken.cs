namespace ArtMqtt.Contracts.Security;

/// <summary>A JSON Web Token that was taken back before it expired.</summary>
/// <param name="TokenId">Its <c>jti</c>.</param>
/// <param name="ExpiresAt">From when it counts no more anyway, UTC.</param>
public readonly record struct RevokedToken(string TokenId, DateTimeOffset ExpiresAt);

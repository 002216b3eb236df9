namespace ArtMqtt.Identity;

/// <summary>Who a valid token says it is. Whether the device or the request exists is for others to know.</summary>
/// <param name="Role">In which capacity.</param>
/// <param name="Subject">Who it is for the issuer, at most 255 characters; null when the token does not say.</param>
/// <param name="DeviceId">The device; for operators and devices only, a valid id.</param>
/// <param name="RequestId">The request; for customers only.</param>
/// <param name="ExpiresAt">From when the token counts no more, UTC, the allowed skew of clocks included.</param>
/// <param name="KeyThumbprint">RFC 7638 thumbprint of the key it is signed with.</param>
public sealed record TokenCaller(
    CallerRole Role, string? Subject, string? DeviceId, Guid? RequestId, DateTimeOffset ExpiresAt,
    ReadOnlyMemory<byte> KeyThumbprint)
{
    /// <summary>Its <c>jti</c>, at most 255 characters; null when it has none and cannot be taken back alone.</summary>
    public string? TokenId { get; init; }

    /// <summary>The firm it belongs to, in the form of a device id; null when the token names none.</summary>
    public string? Tenant { get; init; }
}

namespace ArtMqtt.Identity;

/// <summary>What a token of our own says.</summary>
/// <param name="Role">In which capacity its holder comes.</param>
/// <param name="ExpiresAt">From when it counts no more, UTC.</param>
public sealed record TokenGrant(CallerRole Role, DateTimeOffset ExpiresAt)
{
    /// <summary>Names the token, and proves nothing.</summary>
    public Guid TokenId { get; init; } = Guid.NewGuid();

    /// <summary>Who it is, at most 255 characters; null when that does not matter.</summary>
    public string? Subject { get; init; }

    /// <summary>The firm it belongs to; null for none, for an admin: all.</summary>
    public string? Tenant { get; init; }

    /// <summary>The device of an operator or device; else null.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The request of a customer; else null.</summary>
    public Guid? RequestId { get; init; }
}

namespace ArtMqtt.Store.Devices;

/// <summary>A device as people see it, without its secret.</summary>
/// <param name="Key">Integer key of its positions, above 0.</param>
/// <param name="DeviceId">Stable id, unique.</param>
/// <param name="Name">What people call it, or null.</param>
/// <param name="IsEnabled">Whether it may connect.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record DeviceRecord(int Key, string DeviceId, string? Name, bool IsEnabled, DateTimeOffset CreatedAt)
{
    /// <summary>The firm it belongs to; empty for none.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Since when it has its secret, UTC.</summary>
    public DateTimeOffset SecretChangedAt { get; init; }

    /// <summary>Until when the secret before is valid, UTC; it may be over. Null when there is none.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>SHA-256 of the only certificate it may sign in with, in lower-case hex; null for any of its name.</summary>
    public string? CertificateSha256 { get; init; }
}

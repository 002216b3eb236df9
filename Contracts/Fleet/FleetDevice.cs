namespace ArtMqtt.Contracts.Fleet;

/// <summary>A device as the broker knows it.</summary>
/// <param name="Key">Integer key in the store, above 0.</param>
/// <param name="DeviceId">Its name (<see cref="DeviceIds"/>).</param>
/// <param name="SecretHash">Keyed hash of its secret (<see cref="Security.CredentialHasher"/>).</param>
/// <param name="IsEnabled">Whether it may connect.</param>
public sealed record FleetDevice(int Key, string DeviceId, ReadOnlyMemory<byte> SecretHash, bool IsEnabled)
{
    /// <summary>Keyed hash of the secret it had before; empty when there is none.</summary>
    public ReadOnlyMemory<byte> PreviousSecretHash { get; init; }

    /// <summary>Until when the previous secret is valid, UTC; null when there is none.</summary>
    public DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>SHA-256 of the only certificate it may sign in with, 32 bytes; empty for any of its name.</summary>
    public ReadOnlyMemory<byte> CertificateHash { get; init; }

    /// <summary>The firm it belongs to; empty for none.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Of the row, from 1: an older one never replaces a newer one.</summary>
    public int Version { get; init; }

    /// <summary>Whether the previous secret may still be used at that moment.</summary>
    public bool AcceptsPreviousSecret(DateTimeOffset now) =>
        !PreviousSecretHash.IsEmpty && PreviousSecretUntil is { } until && now < until;
}

using ArtMqtt.Store.Devices;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>What a new device needs.</summary>
/// <param name="DeviceId">1 to 64 of a-z 0-9 . _ -; also its MQTT user name.</param>
/// <param name="Name">For people; at most 200 characters.</param>
/// <param name="Tenant">The firm whose it is, in the form of a device id; left out: the caller's. Only admins of all give another.</param>
internal sealed record CreateDeviceBody(string DeviceId, string? Name = null, string? Tenant = null);

/// <summary>How a secret is replaced.</summary>
/// <param name="OverlapSeconds">
/// How long the old one stays valid, 0 to 2,592,000 (30 days); left out: <c>Gateway:Devices:SecretOverlap</c>.
/// </param>
internal sealed record RotateSecretBody(int? OverlapSeconds = null);

/// <summary>The only certificate a device may sign in with; one of both.</summary>
/// <param name="Sha256">Its SHA-256 in hex, colons allowed.</param>
/// <param name="Pem">The certificate itself.</param>
internal sealed record PinCertificateBody(string? Sha256 = null, string? Pem = null);

/// <summary>A device as it is shown.</summary>
/// <param name="DeviceId">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="IsEnabled">Whether it may connect.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="SecretChangedAt">Since when it has its secret, UTC.</param>
/// <param name="PreviousSecretUntil">Until when the secret before is valid, UTC; null when there is none.</param>
/// <param name="CertificateSha256">The pinned certificate, or null.</param>
/// <param name="Tenant">The firm whose it is; empty for none.</param>
internal sealed record DeviceView(
    string DeviceId, string? Name, bool IsEnabled, DateTimeOffset CreatedAt, DateTimeOffset SecretChangedAt,
    DateTimeOffset? PreviousSecretUntil, string? CertificateSha256, string Tenant)
{
    public static DeviceView Of(DeviceRecord device, DateTimeOffset now) => new(
        device.DeviceId, device.Name, device.IsEnabled, device.CreatedAt, device.SecretChangedAt,
        device.PreviousSecretUntil > now ? device.PreviousSecretUntil : null, device.CertificateSha256, device.Tenant);
}

/// <summary>A device with its new secret (the MQTT password), which is shown this once.</summary>
/// <param name="DeviceId">Its id, the MQTT user name.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Secret">256 random bits as 43 characters.</param>
/// <param name="PreviousSecretUntil">Until when the secret before is valid, UTC; null when there is none.</param>
internal sealed record DeviceSecretView(
    string DeviceId, string? Name, string Secret, DateTimeOffset? PreviousSecretUntil = null);

/// <summary>A page of devices, by id.</summary>
/// <param name="Items">The devices.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record DevicePage(IReadOnlyList<DeviceView> Items, string? Next);

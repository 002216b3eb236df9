using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Identity;

/// <summary>Which JSON Web Tokens are accepted, on MQTT and HTTP alike. Without a key none is.</summary>
public sealed class TokenOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Tokens";

    /// <summary>
    /// Address of an OpenID Connect authority; its keys are found by <c>/.well-known/openid-configuration</c>. HTTPS,
    /// or HTTP to this machine.
    /// </summary>
    public Uri? Authority { get; set; }

    /// <summary>Address of a key set (JWKS), instead of <see cref="Authority"/>. HTTPS, or HTTP to this machine.</summary>
    public Uri? JwksUrl { get; set; }

    /// <summary>PEM file with public keys: RSA of at least 2,048 bits (RS256), EC on P-256 (ES256).</summary>
    public string? PublicKeyFile { get; set; }

    /// <summary>File with the key of HS256, at least 32 bytes as base64 or base64url.</summary>
    public string? SymmetricKeyFile { get; set; }

    /// <summary>The same key as a setting; prefer the file.</summary>
    public string? SymmetricKey { get; set; }

    /// <summary>
    /// PEM file with a private EC key on P-256: the tokens that this installation issues itself. A node makes it when it is
    /// missing, <c>token-key</c> in its secrets by default; empty: it issues none.
    /// </summary>
    public string? LocalKeyFile { get; set; }

    /// <summary><c>iss</c> and <c>aud</c> of those. Default <c>artmqtt</c>.</summary>
    [Required]
    public string LocalIssuer { get; set; } = "artmqtt";

    /// <summary>Longest time they count. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan LocalMaxLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Algorithms accepted, of RS256, ES256 and HS256. Default all; each with keys of its own type only.</summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Required <c>iss</c>; default: the authority's.</summary>
    public string? Issuer { get; set; }

    /// <summary>Required in <c>aud</c>.</summary>
    public string? Audience { get; set; }

    /// <summary>How far clocks may differ when <c>exp</c> and <c>nbf</c> are looked at. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest token, in characters. Default 3,072: with a client id it still fits a CONNECT of 4 KiB
    /// (<c>Broker:MaxPacketBytesBeforeConnect</c>).
    /// </summary>
    [Range(128, 16_384)]
    public int MaxLength { get; set; } = 3_072;

    /// <summary>How often the authority's keys are read. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Least time between two readings of the keys, whatever unknown key ids are sent. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MinRefreshInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Claim with the role or roles; a dot leads into an object (<c>realm_access.roles</c>). Default <c>role</c>.
    /// </summary>
    [Required]
    public string RoleClaim { get; set; } = "role";

    /// <summary>Role of tokens without the claim: admin, dispatcher, analyst, operator, device or customer. Default none.</summary>
    public CallerRole? DefaultRole { get; set; }

    /// <summary>Claim with the device of an operator or device. Default <c>device_id</c>; a device's <c>sub</c> otherwise.</summary>
    [Required]
    public string DeviceClaim { get; set; } = "device_id";

    /// <summary>Claim with the request of a customer. Default <c>request_id</c>.</summary>
    [Required]
    public string RequestClaim { get; set; } = "request_id";

    /// <summary>
    /// Claim with the tenant: the firm whose devices and requests are seen, in the form of a device id. Default
    /// <c>tenant</c>.
    /// </summary>
    [Required]
    public string TenantClaim { get; set; } = "tenant";

    /// <summary>The issuer's word for admins. Default <c>admin</c>.</summary>
    [Required]
    public string AdminRole { get; set; } = "admin";

    /// <summary>The issuer's word for dispatchers. Default <c>dispatcher</c>.</summary>
    [Required]
    public string DispatcherRole { get; set; } = "dispatcher";

    /// <summary>The issuer's word for analysts. Default <c>analyst</c>.</summary>
    [Required]
    public string AnalystRole { get; set; } = "analyst";

    /// <summary>The issuer's word for operators. Default <c>operator</c>.</summary>
    [Required]
    public string OperatorRole { get; set; } = "operator";

    /// <summary>The issuer's word for devices. Default <c>device</c>.</summary>
    [Required]
    public string DeviceRole { get; set; } = "device";

    /// <summary>The issuer's word for customers. Default <c>customer</c>.</summary>
    [Required]
    public string CustomerRole { get; set; } = "customer";

    /// <summary>Whether keys come from an address.</summary>
    internal bool HasAuthority => Authority is not null || JwksUrl is not null;

    /// <summary>Whether any token of somebody else is accepted.</summary>
    internal bool HasKeys => HasAuthority || PublicKeyFile is { Length: > 0 }
        || SymmetricKeyFile is { Length: > 0 } || SymmetricKey is { Length: > 0 };

    /// <summary>Whether tokens of that algorithm are accepted from somebody else.</summary>
    internal bool Allows(string algorithm) => Algorithms.Count == 0 || Algorithms.Contains(algorithm);
}

using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Broker.Auth;

/// <summary>What a client is.</summary>
internal enum ClientKind
{
    /// <summary>A vehicle or an operator's phone.</summary>
    Device,

    /// <summary>Who waits for one request.</summary>
    Customer,

    /// <summary>Who assigns and may watch everything.</summary>
    Dispatcher,

    /// <summary>Somebody, in the conformance profile: may publish and subscribe to everything.</summary>
    Anyone,

    /// <summary>Who may watch everything and change nothing.</summary>
    Analyst,

    /// <summary>A dispatcher of all tenants, or of one.</summary>
    Admin,
}

/// <summary>Who an authenticated client is. Two are equal when they are the same to us, however they signed in.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="DeviceId">The device, for devices.</param>
/// <param name="RequestId">The request, for customers.</param>
/// <param name="Subject">The person, for admins, dispatchers and analysts with a token of their own.</param>
/// <param name="Tenant">Their firm; empty for none, and for an admin of all.</param>
internal sealed record ClientIdentity(
    ClientKind Kind, string? DeviceId, Guid? RequestId, string? Subject = null, string Tenant = "")
{
    /// <summary>The one identity of all dispatchers with the dispatchers' token.</summary>
    public static ClientIdentity Dispatcher { get; } = new(ClientKind.Dispatcher, null, null);

    /// <summary>The one identity of all admins with the admins' token.</summary>
    public static ClientIdentity Admin { get; } = new(ClientKind.Admin, null, null);

    /// <summary>
    /// Names the identity in one text. Client ids count within it only, so nobody can take over the session of
    /// somebody else by using their client id. It holds no <c>/</c>.
    /// </summary>
    public string Scope { get; } = Kind switch
    {
        ClientKind.Device => $"device:{DeviceId}",
        ClientKind.Customer => $"customer:{RequestId:N}",
        ClientKind.Analyst => $"analyst:{Escape(Subject)}{At(Tenant)}",
        ClientKind.Anyone => "anyone",
        ClientKind.Admin => $"admin{Named(Subject)}{At(Tenant)}",
        _ => $"dispatcher{Named(Subject)}{At(Tenant)}",
    };

    /// <summary>Whose messages an admin, dispatcher or analyst receives.</summary>
    [JsonIgnore]
    public TenantScope Tenants { get; } =
        Kind == ClientKind.Admin && Tenant.Length == 0 ? TenantScope.All : TenantScope.Of(Tenant);

    /// <summary>Whether it reads everything of its tenant.</summary>
    [JsonIgnore]
    public bool ReadsAll => Kind is ClientKind.Dispatcher or ClientKind.Analyst or ClientKind.Admin;

    /// <summary>What it is, in a word.</summary>
    [JsonIgnore]
    public string Word => Kind.ToString().ToLowerInvariant();

    /// <summary>What it signed in with; not kept with a session, which the next sign-in takes over.</summary>
    [JsonIgnore]
    public ClientCredential Credential { get; init; }

    /// <summary>From when its token or certificate counts no more, UTC; null for never.</summary>
    [JsonIgnore]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The one identity of all clients in the conformance profile.</summary>
    public static ClientIdentity Anyone { get; } = new(ClientKind.Anyone, null, null);

    /// <summary>The identity of a device.</summary>
    public static ClientIdentity Device(string deviceId) => new(ClientKind.Device, deviceId, null);

    /// <summary>The identity of the customer of a request.</summary>
    public static ClientIdentity Customer(Guid requestId) => new(ClientKind.Customer, null, requestId);

    /// <inheritdoc/>
    public bool Equals(ClientIdentity? other) => other is not null && Scope == other.Scope;

    /// <inheritdoc/>
    public override int GetHashCode() => Scope.GetHashCode(StringComparison.Ordinal);

    private static string Named(string? subject) => subject is null ? "" : $":{Escape(subject)}";

    // What is escaped has no @.
    private static string At(string tenant) => tenant.Length == 0 ? "" : $"@{tenant}";

    private static string Escape(string? subject) => Uri.EscapeDataString(subject ?? "");
}

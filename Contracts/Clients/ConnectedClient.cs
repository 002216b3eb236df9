namespace ArtMqtt.Contracts.Clients;

/// <summary>A connection that somebody is signed in on.</summary>
/// <param name="Id">Names the connection as long as it lasts.</param>
/// <param name="ClientId">MQTT client id; on the hub the same as <paramref name="Id"/>.</param>
/// <param name="Kind">device, customer, dispatcher, analyst, admin, or anyone.</param>
/// <param name="ConnectedAt">Since when, UTC.</param>
public sealed record ConnectedClient(string Id, string ClientId, string Kind, DateTimeOffset ConnectedAt)
{
    /// <summary>Name of the node it is connected to.</summary>
    public string Node { get; init; } = "";

    /// <summary>The device, or null.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The request of a customer, or null.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The person, where its token says it, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>The firm it belongs to; empty for none, null for an admin of all and where nobody knows.</summary>
    public string? Tenant { get; init; }

    /// <summary>IP address; empty when not known.</summary>
    public string Address { get; init; } = "";

    /// <summary>Protocol and transport, for example <c>MQTT 5, tls</c>.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>Program and version, where it said them; else empty.</summary>
    public string Agent { get; init; } = "";

    /// <summary>Topic filters it is subscribed to; on the hub requests it watches.</summary>
    public int Subscriptions { get; init; }

    /// <summary>Messages that wait for it or that it has not acknowledged.</summary>
    public int Queued { get; init; }
}

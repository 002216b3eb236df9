using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>One session's wish to receive what is published to topics that match a filter.</summary>
/// <param name="Session">Who wants it.</param>
/// <param name="Request">The filter as the client wrote it, and its options.</param>
/// <param name="Identifier">Number that comes with each message, or null.</param>
internal sealed record Subscription(Session Session, FilterRequest Request, uint? Identifier)
{
    /// <summary>The filter that topics are compared with, and the group that shares it.</summary>
    public SharedFilter Shared { get; } = SharedFilter.Parse(Request.Filter);

    /// <summary>
    /// Name of the group, or null when it is not shared. Each tenant has groups of its own: the turn of somebody who may not
    /// see a message would be lost for the others.
    /// </summary>
    public string? Group { get; } = GroupOf(SharedFilter.Parse(Request.Filter).Group, Session.Identity);

    /// <summary>The identifier as it goes with each message.</summary>
    public uint[]? Identifiers { get; } = Identifier is { } number ? [number] : null;

    private static string? GroupOf(string? name, ClientIdentity client) =>
        name is null || !client.ReadsAll || client.Tenants.Tenant is "" ? name : $"{name}/{client.Tenants.Tenant}";
}

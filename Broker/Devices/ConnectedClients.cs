using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Wire;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Broker.Devices;

/// <summary>The MQTT clients of this node, for those who look after them.</summary>
internal sealed class ConnectedClients(ClientConnections connections, IFleetDirectory directory) : IConnectedClients
{
    /// <inheritdoc/>
    public string Way => "mqtt";

    /// <inheritdoc/>
    public IEnumerable<ConnectedClient> List(TenantScope scope)
    {
        foreach (var connection in connections.All)
        {
            if (connection.Identity is { } identity && TenantOf(identity) is var tenant && scope.Covers(tenant)
                && connection.Describe() is { } client)
            {
                yield return client with { Tenant = tenant };
            }
        }
    }

    /// <inheritdoc/>
    public bool Disconnect(TenantScope scope, string id)
    {
        var found = connections.All.FirstOrDefault(connection => connection.Id == id);
        if (found?.Identity is not { } identity || !scope.Covers(TenantOf(identity)))
        {
            return false;
        }

        found.Close(ReasonCode.AdministrativeAction);
        return true;
    }

    private string? TenantOf(ClientIdentity identity) => identity switch
    {
        { DeviceId: { } deviceId } => directory.FindDevice(deviceId)?.Tenant,
        { RequestId: { } requestId } => directory.FindTenant(requestId),
        { Kind: ClientKind.Admin, Tenant.Length: 0 } => null,
        _ => identity.Tenant,
    };
}

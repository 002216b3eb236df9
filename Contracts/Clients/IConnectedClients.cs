using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Contracts.Clients;

/// <summary>
/// Who is connected to one part of this node: its broker, where it has the role, or its hub. Only what is signed in, and only
/// what the caller may know of.
/// </summary>
public interface IConnectedClients
{
    /// <summary>The way these clients come by, a short word: <c>mqtt</c> or <c>hub</c>.</summary>
    string Way { get; }

    /// <summary>All that are connected now, in no order.</summary>
    IEnumerable<ConnectedClient> List(TenantScope scope);

    /// <summary>Ends a connection; an MQTT 5 client is told "Administrative action" (0x98). It may come back.</summary>
    /// <param name="scope">Whose connections may be ended.</param>
    /// <param name="id">Of the connection (<see cref="ConnectedClient.Id"/>).</param>
    /// <returns>False when there is no such connection.</returns>
    bool Disconnect(TenantScope scope, string id);
}

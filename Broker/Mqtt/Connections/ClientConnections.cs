using System.Collections.Concurrent;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>The open connections.</summary>
internal sealed class ClientConnections
{
    private readonly ConcurrentDictionary<ClientConnection, bool> _all = [];

    /// <summary>All of them.</summary>
    public IEnumerable<ClientConnection> All => _all.Select(pair => pair.Key);

    /// <summary>On how many of them a client is signed in.</summary>
    public int SignedIn => All.Count(connection => connection.Identity is not null);

    /// <summary>Adds one.</summary>
    public void Add(ClientConnection connection) => _all[connection] = true;

    /// <summary>Removes one that has ended.</summary>
    public void Remove(ClientConnection connection) => _all.TryRemove(connection, out _);
}

using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Live.Nodes;

/// <summary>Who is connected to this node, by whatever way.</summary>
internal sealed class NodeClients(IEnumerable<IConnectedClients> ways, ThisNode node)
{
    /// <summary>The newest of those that a search finds.</summary>
    public FoundClients List(TenantScope scope, string? search, int limit)
    {
        var found = ways.SelectMany(way => way.List(scope)).Where(client => Has(client, search)).ToList();
        return new FoundClients(
            [.. ways.Select(way => way.Way)], found.Count,
            [.. found.OrderByDescending(client => client.ConnectedAt).Take(limit).Select(client => client with { Node = node.Name })]);
    }

    /// <summary>Ends a connection; false when there is none of that id.</summary>
    public bool Disconnect(TenantScope scope, string id) => ways.Any(way => way.Disconnect(scope, id));

    private static bool Has(ConnectedClient client, string? search) => search is null
        || ((string?[])[client.ClientId, client.DeviceId, client.Subject, client.Address, client.RequestId?.ToString()])
            .Any(text => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true);
}

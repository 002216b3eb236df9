using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Two clients of a node.</summary>
internal sealed class ClientsOfOne(string node) : IConnectedClients
{
    string IConnectedClients.Way => "mqtt";

    public List<string> Ended { get; } = [];

    public IEnumerable<ConnectedClient> List(TenantScope scope) => !scope.Covers("") ? [] :
    [
        new ConnectedClient($"{node}-1", $"{node}-1", "device", Since(node == "one" ? 1 : 2)),
        new ConnectedClient($"{node}-2", $"{node}-2", "device", Since(node == "one" ? 3 : 4)),
    ];

    public bool Disconnect(TenantScope scope, string id)
    {
        var isHere = List(scope).Any(client => client.Id == id);
        if (isHere)
        {
            Ended.Add(id);
        }

        return isHere;
    }

    private static DateTimeOffset Since(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}

using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A machine for each part of a cluster, so that what is between them can be cut.</summary>
internal sealed record ClusterMachines(
    NetworkHost Database, NetworkHost Redis, NetworkHost Proxy, NetworkHost Vehicles, IReadOnlyList<NetworkHost> Nodes)
{
    /// <summary>All of them.</summary>
    public static async Task<ClusterMachines> AddAsync(TestNetwork network, int nodes)
    {
        var hosts = new List<NetworkHost>();
        for (var i = 0; i < nodes; i++)
        {
            hosts.Add(await network.AddHostAsync());
        }

        return new ClusterMachines(
            await network.AddHostAsync(), await network.AddHostAsync(), await network.AddHostAsync(), await network.AddHostAsync(), hosts);
    }
}

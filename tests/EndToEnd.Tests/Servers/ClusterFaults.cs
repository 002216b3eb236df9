using System.Diagnostics;
using ArtMqtt.TestKit;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>What can break in a cluster on machines of its own.</summary>
internal sealed class ClusterFaults(Cluster cluster, TimescaleServer database, ClusterMachines machines)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Programs that end, or do not answer.</summary>
    public IReadOnlyList<ClusterFault> Ends(NodeProcess node) =>
    [
        new("Redis killed, started again", () => Now(cluster.Redis.Kill), () => cluster.Redis.StartAsync(Token)),
        new("Redis stalled", () => Now(cluster.Redis.Stall), () => Now(cluster.Redis.GoOn)),
        new("PostgreSQL killed, started again", () => Now(KillDatabase), database.StartAsync),
        new("node killed, started again", node.KillAsync, () => Now(() => cluster.Launch(node))),
    ];

    /// <summary>Links of a node that are cut, in one direction or the other; nobody is told.</summary>
    public IReadOnlyList<ClusterFault> Cuts(NodeProcess node, Random random) =>
    [
        Cut("node – Redis cut", node, machines.Redis, random),
        Cut("node – PostgreSQL cut", node, machines.Database, random),
        Cut("node – HAProxy cut", node, machines.Proxy, random),
        new("node cut off from all", node.Host!.PullAsync, node.Host!.PlugAsync),
    ];

    private static ClusterFault Cut(string name, NodeProcess node, NetworkHost other, Random random)
    {
        var (from, to) = random.Next(2) == 0 ? (node.Host!, other) : (other, node.Host!);
        return new(name, () => from.CutToAsync(to), () => from.MendToAsync(to));
    }

    private static Task Now(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private void KillDatabase()
    {
        using var postmaster = Process.GetProcessById(database.ProcessId);
        postmaster.Kill();
    }
}

using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>Nodes on one database and one Redis, behind HAProxy, with the same secrets.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly string[] _more = [
        "--Live:Redis:RetryInterval", "00:00:00.200", "--Node:HeartbeatInterval", "00:00:00.200", "--Node:MissingAfter", "00:00:03",
        "--Broker:Devices:ReturnTime", "00:00:05", "--Drain:Notice", "00:00:01.500", "--Drain:Spread", "00:00:01",
    ];

    // Where HAProxy's connections come from. The test's own to a node come from elsewhere, for they say nothing of that.
    private readonly string _balancer;

    private Cluster(RedisServer redis, IReadOnlyList<NodeProcess> nodes, string balancer) =>
        (Redis, Nodes, _balancer) = (redis, nodes, balancer);

    public RedisServer Redis { get; }

    public IReadOnlyList<NodeProcess> Nodes { get; }

    public HaProxy Proxy { get; private set; } = null!;

    private string[] Settings =>
        ["--ConnectionStrings:Redis", Redis.Configuration, "--Broker:ProxyProtocol:TrustedProxies:0", $"{_balancer}/32", .. _more];

    /// <summary>Starts all of it.</summary>
    /// <param name="database">Where they store.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="machines">One for each, if not this one.</param>
    public static async Task<Cluster> StartAsync(string database, int nodes, ClusterMachines? machines = null)
    {
        Programs.Require("redis-server");
        Programs.Require("haproxy");
        var cluster = new Cluster(
            await RedisServer.StartNewAsync(TestContext.Current.CancellationToken, machines?.Redis),
            [.. Enumerable.Range(0, nodes).Select(number => new NodeProcess(database, machines?.Nodes[number]))],
            machines?.Proxy.Address ?? "127.0.0.1");
        try
        {
            await cluster.StartAsync(cluster.Nodes[0]);
            foreach (var node in cluster.Nodes.Skip(1))
            {
                CopySecrets(cluster.Nodes[0], node);
                await cluster.StartAsync(node);
            }

            cluster.Proxy = await HaProxy.StartAsync(cluster.Nodes, machines?.Proxy);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node, and waits until it can serve.</summary>
    public Task StartAsync(NodeProcess node) => node.StartAsync(Settings);

    /// <summary>Starts a node, and does not wait.</summary>
    public void Launch(NodeProcess node) => node.Launch(Settings);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Proxy?.Dispose();
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        Redis.Dispose();
    }

    /// <summary>Lets a node have the secrets of another one.</summary>
    public static void CopySecrets(NodeProcess from, NodeProcess to)
    {
        var folder = Directory.CreateDirectory(Path.Combine(to.DataFolder, "secrets"));
        foreach (var secret in Directory.GetFiles(Path.Combine(from.DataFolder, "secrets")))
        {
            File.Copy(secret, Path.Combine(folder.FullName, Path.GetFileName(secret)));
        }
    }
}

using System.Globalization;

namespace ArtMqtt.TestKit;

/// <summary>A Redis Cluster on loopback: three masters with a third of the slots each, and, when asked for, a replica of each.</summary>
public sealed class RedisCluster : IDisposable
{
    private const int Shards = 3;
    private const int Slots = 16_384;

    // A busy machine must not look like a dead master.
    private static readonly string[] _settings =
    [
        "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-allow-replica-migration", "no", "--appendonly", "no",
        "--repl-diskless-sync-delay", "0",
    ];

    private readonly List<RedisServer> _masters = [];
    private readonly List<RedisServer> _replicas = [];

    private RedisCluster()
    {
    }

    /// <summary>Names some of its nodes: the others are found.</summary>
    public string Configuration => $"{_masters[0].Configuration},{_masters[1].Configuration}";

    /// <summary>Those that it was made with, in the order of their slots.</summary>
    public IReadOnlyList<RedisServer> Masters => _masters;

    /// <summary>The replica of each.</summary>
    public IReadOnlyList<RedisServer> Replicas => _replicas;

    /// <summary>Starts one, and waits until all of its nodes agree.</summary>
    public static async Task<RedisCluster> StartNewAsync(CancellationToken cancellationToken, bool hasReplicas = false)
    {
        var cluster = new RedisCluster();
        try
        {
            await cluster.StartAsync(hasReplicas, cancellationToken);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The slot of a key or of a channel.</summary>
    public async Task<int> SlotOfAsync(string key) => int.Parse(
        (await _masters[0].AskAsync($"CLUSTER KEYSLOT {key}")).Trim(':', '\r', '\n'), CultureInfo.InvariantCulture);

    /// <summary>Which of the masters it was made with has a slot; as long as none was moved.</summary>
    public static int ShardOf(int slot) => Enumerable.Range(0, Shards).Last(shard => FirstSlotOf(shard) <= slot);

    /// <summary>Gives a slot, with what is in it, to another master.</summary>
    public static async Task MoveSlotAsync(int slot, RedisServer from, RedisServer to)
    {
        var (fromId, toId) = (await IdOfAsync(from), await IdOfAsync(to));
        await SayAsync(to, $"CLUSTER SETSLOT {slot} IMPORTING {fromId}");
        await SayAsync(from, $"CLUSTER SETSLOT {slot} MIGRATING {toId}");
        while ((await from.AskAsync($"CLUSTER GETKEYSINSLOT {slot} 1")).Split("\r\n") is [_, _, { Length: > 0 } key, ..])
        {
            await from.AskAsync($"MIGRATE 127.0.0.1 {to.Port} {key} 0 1000");
        }

        await SayAsync(to, $"CLUSTER SETSLOT {slot} NODE {toId}");
        await SayAsync(from, $"CLUSTER SETSLOT {slot} NODE {toId}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var server in _masters.Concat(_replicas))
        {
            server.Dispose();
        }
    }

    private static int FirstSlotOf(int shard) => shard * Slots / Shards;

    private static async Task<string> IdOfAsync(RedisServer server) => (await server.AskAsync("CLUSTER MYID")).Split("\r\n")[1];

    private static async Task SayAsync(RedisServer server, string command)
    {
        if (await server.AskAsync(command) is var answer && answer != "+OK\r\n")
        {
            throw new InvalidOperationException($"{command}: {answer}");
        }
    }

    private async Task StartAsync(bool hasReplicas, CancellationToken cancellationToken)
    {
        var count = hasReplicas ? 2 * Shards : Shards;
        for (var i = 0; i < count; i++)
        {
            (i < Shards ? _masters : _replicas).Add(
                await RedisServer.StartNewAsync(cancellationToken, null, [.. _settings, "--cluster-port", $"{Ports.Free()}"]));
        }

        var all = _masters.Concat(_replicas).ToList();
        for (var i = 0; i < count; i++)
        {
            await SayAsync(all[i], $"CLUSTER SET-CONFIG-EPOCH {i + 1}");
            if (i < Shards)
            {
                await SayAsync(all[i], $"CLUSTER ADDSLOTSRANGE {FirstSlotOf(i)} {FirstSlotOf(i + 1) - 1}");
            }

            if (i > 0)
            {
                var busPort = all[i].Settings[^1];
                await SayAsync(all[0], $"CLUSTER MEET 127.0.0.1 {all[i].Port} {busPort}");
            }
        }

        foreach (var server in all)
        {
            await UntilAsync(server, "CLUSTER INFO", "cluster_state:ok", cancellationToken);
            await UntilAsync(server, "CLUSTER INFO", $"cluster_known_nodes:{count}", cancellationToken);
        }

        for (var i = 0; i < _replicas.Count; i++)
        {
            await SayAsync(_replicas[i], $"CLUSTER REPLICATE {await IdOfAsync(_masters[i])}");
        }

        foreach (var replica in _replicas)
        {
            await UntilAsync(replica, "ROLE", "connected", cancellationToken);
        }

        // Who votes for a replica has to have heard whose it is.
        foreach (var server in all)
        {
            for (var i = 0; i < _replicas.Count; i++)
            {
                await UntilAsync(server, $"CLUSTER REPLICAS {await IdOfAsync(_masters[i])}", await IdOfAsync(_replicas[i]), cancellationToken);
            }
        }
    }

    private static Task UntilAsync(RedisServer server, string command, string part, CancellationToken cancellationToken) =>
        Eventually.TrueAsync(() => server.SaysAsync(command, part), cancellationToken);
}

using System.Diagnostics;

namespace ArtMqtt.TestKit;

/// <summary>A Redis with a replica, on loopback, and three Sentinels, of which two have to agree.</summary>
public sealed class RedisSentinels : IDisposable
{
    /// <summary>How the Sentinels call the Redis.</summary>
    public const string Service = "live";

    private readonly List<RedisServer> _servers = [];
    private readonly List<(TestFolder Folder, int Port)> _sentinels = [];
    private readonly List<Process> _processes = [];

    private RedisSentinels()
    {
    }

    /// <summary>Names the Sentinels.</summary>
    public string Configuration => string.Join(',', _sentinels.Select(sentinel => $"127.0.0.1:{sentinel.Port}").Append($"serviceName={Service}"));

    /// <summary>The one that is the master at first, and its replica.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>Starts them, and waits until they know each other.</summary>
    public static async Task<RedisSentinels> StartNewAsync(CancellationToken cancellationToken)
    {
        var sentinels = new RedisSentinels();
        try
        {
            await sentinels.StartAsync(cancellationToken);
            return sentinels;
        }
        catch
        {
            sentinels.Dispose();
            throw;
        }
    }

    /// <summary>Waits until all Sentinels say that this one is the master.</summary>
    public async Task WaitForAsync(RedisServer master, CancellationToken cancellationToken)
    {
        foreach (var (_, port) in _sentinels)
        {
            await Eventually.TrueAsync(
                () => RedisWire.SaysAsync("127.0.0.1", port, $"SENTINEL GET-MASTER-ADDR-BY-NAME {Service}", $"\r\n{master.Port}\r\n"),
                cancellationToken);
        }

        await Eventually.TrueAsync(() => master.SaysAsync("ROLE", "master"), cancellationToken);
    }

    /// <summary>Ends the Sentinels as a power cut would.</summary>
    public void KillSentinels()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _processes.Clear();
    }

    /// <summary>Starts them again, with what they knew.</summary>
    public async Task StartSentinelsAsync(CancellationToken cancellationToken)
    {
        foreach (var (folder, _) in _sentinels)
        {
            _processes.Add(Process.Start(new ProcessStartInfo(RedisServer.Program, [ConfigurationIn(folder), "--sentinel"]))!);
        }

        foreach (var (_, port) in _sentinels)
        {
            await Eventually.TrueAsync(
                () => RedisWire.SaysAsync("127.0.0.1", port, $"SENTINEL CKQUORUM {Service}", "+OK 3 usable"), cancellationToken);
            await Eventually.TrueAsync(
                () => RedisWire.SaysAsync("127.0.0.1", port, $"SENTINEL REPLICAS {Service}", $"{_servers[1].Port}"), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        KillSentinels();
        foreach (var (folder, _) in _sentinels)
        {
            folder.Dispose();
        }

        foreach (var server in _servers)
        {
            server.Dispose();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _servers.Add(await RedisServer.StartNewAsync(cancellationToken, null, "--repl-diskless-sync-delay", "0"));
        _servers.Add(await RedisServer.StartNewAsync(
            cancellationToken, null, "--repl-diskless-sync-delay", "0", "--replicaof", "127.0.0.1", $"{_servers[0].Port}"));
        await Eventually.TrueAsync(() => _servers[1].SaysAsync("ROLE", "connected"), cancellationToken);
        for (var i = 0; i < 3; i++)
        {
            AddSentinel();
        }

        await StartSentinelsAsync(cancellationToken);
    }

    private static string ConfigurationIn(TestFolder folder) => Path.Combine(folder.Path, "sentinel.conf");

    private void AddSentinel()
    {
        var (folder, port) = (new TestFolder(), Ports.Free());
        File.WriteAllText(ConfigurationIn(folder), $"""
            port {port}
            bind 127.0.0.1
            protected-mode no
            dir {folder.Path}
            logfile {Path.Combine(folder.Path, "sentinel.log")}
            sentinel monitor {Service} 127.0.0.1 {_servers[0].Port} 2
            sentinel down-after-milliseconds {Service} 1000
            sentinel failover-timeout {Service} 6000
            """);
        _sentinels.Add((folder, port));
    }
}

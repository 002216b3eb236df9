using System.Diagnostics;
using System.Globalization;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.TestKit;

/// <summary>
/// Debian's Redis, with an append-only file in a folder of its own; can be killed, stalled and started again. Another program in its place,
/// Valkey for example, is taken from <c>ARTMQTT_REDIS_SERVER</c>.
/// </summary>
public sealed class RedisServer : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestFolder _copy = new();
    private Process? _process;

    /// <summary>The machine it runs on; null for this one.</summary>
    public NetworkHost? Host { get; private init; }

    /// <summary>What it is told besides; comes after, and goes before, what all are told.</summary>
    public IReadOnlyList<string> Settings { get; private init; } = [];

    /// <summary>Its connection string.</summary>
    public string Configuration => $"{Address}:{Port}";

    /// <summary>Its port.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>The program.</summary>
    internal static string Program => Environment.GetEnvironmentVariable("ARTMQTT_REDIS_SERVER") is { Length: > 0 } other ? other : "redis-server";

    private string Address => Host?.Address ?? "127.0.0.1";

    private string Written => Path.Combine(_folder.Path, "appendonlydir");

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> StartNewAsync(CancellationToken cancellationToken, NetworkHost? host = null, params string[] settings)
    {
        var server = new RedisServer { Host = host, Settings = settings };
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts it, with what it had when it was ended.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            Program,
            [
                "--port", $"{Port}", "--bind", Address, "--protected-mode", "no", "--dir", _folder.Path, "--save", "", "--appendonly", "yes",
                "--appendfsync", "always", "--logfile", Path.Combine(_folder.Path, "redis.log"), "--maxmemory", "256mb",
                .. Settings,
            ]);
        Host?.Place(start);
        _process = Process.Start(start)!;
        await Eventually.TrueAsync(AnswersAsync, cancellationToken);
    }

    /// <summary>Ends it as a power cut would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Removes all that it has written; only while it does not run.</summary>
    public void Forget() => Directory.Delete(Written, recursive: true);

    /// <summary>Copies what it has written until now.</summary>
    public void Copy()
    {
        foreach (var file in Directory.GetFiles(Written))
        {
            File.Copy(file, Path.Combine(_copy.Path, Path.GetFileName(file)));
        }
    }

    /// <summary>Lets it know no more than when it was copied; only while it does not run.</summary>
    public void GoBack()
    {
        Forget();
        Directory.CreateDirectory(Written);
        foreach (var file in Directory.GetFiles(_copy.Path))
        {
            File.Move(file, Path.Combine(Written, Path.GetFileName(file)));
        }
    }

    /// <summary>Sends it a command. Returns the beginning of the answer, as it is on the wire.</summary>
    public Task<string> AskAsync(string command) => RedisWire.AskAsync(Address, Port, command);

    /// <summary>Whether the answer to a command begins, or goes on, like this; false also while it does not run.</summary>
    public Task<bool> SaysAsync(string command, string part) => RedisWire.SaysAsync(Address, Port, command, part);

    /// <summary>Lets it be silent, with its connections open.</summary>
    public void Stall() => Signal("-STOP");

    /// <summary>Lets it go on.</summary>
    public void GoOn() => Signal("-CONT");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        _folder.Dispose();
        _copy.Dispose();
    }

    private Task<bool> AnswersAsync() => SaysAsync("PING", "+PONG");

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [name, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.TestKit;

/// <summary>Debian's Redis, with an append-only file in a folder of its own; can be killed, stalled and started again.</summary>
public sealed class RedisServer : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestFolder _copy = new();
    private Process? _process;

    /// <summary>The machine it runs on; null for this one.</summary>
    public NetworkHost? Host { get; private init; }

    /// <summary>Its connection string.</summary>
    public string Configuration => $"{Address}:{Port}";

    /// <summary>Its port.</summary>
    public int Port { get; } = Ports.Free();

    private string Address => Host?.Address ?? "127.0.0.1";

    private string Written => Path.Combine(_folder.Path, "appendonlydir");

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> StartNewAsync(CancellationToken cancellationToken, NetworkHost? host = null)
    {
        var server = new RedisServer { Host = host };
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
            "redis-server",
            [
                "--port", $"{Port}", "--bind", Address, "--protected-mode", "no", "--dir", _folder.Path, "--save", "", "--appendonly", "yes",
                "--appendfsync", "always", "--logfile", Path.Combine(_folder.Path, "redis.log"), "--maxmemory", "256mb",
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
    public async Task<string> AskAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address, Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
        var answer = new byte[1_000];
        return Encoding.ASCII.GetString(answer, 0, await client.GetStream().ReadAsync(answer));
    }

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

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Address, Port);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray());
            var answer = new byte[5];
            return await stream.ReadAtLeastAsync(answer, 5, throwOnEndOfStream: false) == 5 && answer.AsSpan().SequenceEqual("+PONG"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [name, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}

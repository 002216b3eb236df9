using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>Debian's Redis, with an append-only file in a folder of its own; can be killed, stalled and started again.</summary>
public sealed class RedisServer : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly int _port = Ports.Free();
    private Process? _process;

    /// <summary>Its connection string.</summary>
    public string Configuration => $"127.0.0.1:{_port}";

    /// <summary>Starts one.</summary>
    public static async Task<RedisServer> StartNewAsync(CancellationToken cancellationToken)
    {
        var server = new RedisServer();
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
        _process = Process.Start(new ProcessStartInfo(
            "redis-server",
            [
                "--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--save", "", "--appendonly", "yes",
                "--appendfsync", "always", "--logfile", Path.Combine(_folder.Path, "redis.log"), "--maxmemory", "256mb",
            ]))!;
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
    public void Forget() => Directory.Delete(Path.Combine(_folder.Path, "appendonlydir"), recursive: true);

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
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
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

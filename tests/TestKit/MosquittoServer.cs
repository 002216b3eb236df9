using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>Somebody else's MQTT broker: Mosquitto, on a port and in a folder of its own; it can be killed and started again.</summary>
public sealed class MosquittoServer : IDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly TestFolder _folder = new();
    private Process? _process;

    private MosquittoServer()
    {
    }

    /// <summary>Whether it is on this machine.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>A folder of its own, gone with it.</summary>
    public string Folder => _folder.Path;

    /// <summary>TCP port on loopback.</summary>
    public int Port { get; } = Ports.Free();

    private string Configuration => Path.Combine(_folder.Path, "mosquitto.conf");

    /// <summary>Starts one that keeps all that waits for a session, and waits until it listens.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="settings">Further lines of mosquitto.conf.</param>
    public static async Task<MosquittoServer> StartAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var server = new MosquittoServer();
        await File.WriteAllLinesAsync(
            server.Configuration,
            [$"listener {server.Port} 127.0.0.1", "allow_anonymous true", "max_queued_messages 0", "user root", .. settings],
            cancellationToken);
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts it (again).</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", Configuration])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        while (!await IsListeningAsync(cancellationToken))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"Mosquitto ended with {_process.ExitCode}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    private async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

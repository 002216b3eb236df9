using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

/// <summary>A real MQTT server on a free port of loopback, which can be killed and started again.</summary>
internal sealed class Mosquitto : IDisposable
{
    private const string Program = "/usr/sbin/mosquitto";

    private readonly TestFolder _folder = new();
    private Process? _process;

    /// <summary>Starts it; the test is skipped when Mosquitto is not installed.</summary>
    /// <param name="settings">Further lines of mosquitto.conf.</param>
    public static async Task<Mosquitto> StartAsync(string settings = "allow_anonymous true")
    {
        Assert.SkipUnless(File.Exists(Program), "Mosquitto is not installed.");
        var server = new Mosquitto();
        await File.WriteAllTextAsync(
            server.ConfigurationPath, $"listener {server.Port} 127.0.0.1\n{settings}\n",
            TestContext.Current.CancellationToken);
        await server.StartProcessAsync();
        return server;
    }

    /// <summary>TCP port.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>A folder of its own, gone with it.</summary>
    public string Folder => _folder.Path;

    private string ConfigurationPath => Path.Combine(_folder.Path, "mosquitto.conf");

    /// <summary>Starts (again) and waits until it accepts connections.</summary>
    public async Task StartProcessAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program, ["-c", ConfigurationPath])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        while (!await IsListeningAsync())
        {
            Assert.False(_process.HasExited, "Mosquitto ended.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.Dispose();
        _process = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
        _folder.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    private async Task<bool> IsListeningAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

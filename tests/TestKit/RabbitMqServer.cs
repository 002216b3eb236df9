using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace ArtMqtt.TestKit;

/// <summary>Somebody else's MQTT broker: RabbitMQ with its MQTT plugin, on ports and in a folder of its own, with a port mapper of its own.</summary>
public sealed class RabbitMqServer : IDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string PortMapper = "/usr/bin/epmd";

    private readonly TestFolder _folder = new();
    private readonly Process _mapper;
    private readonly Process _server;

    private RabbitMqServer()
    {
        var (mapperPort, amqpPort, distributionPort) = (Port(), Port(), Port());
        var (settings, plugins) = (Path.Combine(_folder.Path, "rabbitmq"), Path.Combine(_folder.Path, "plugins"));
        File.WriteAllText(plugins, "[rabbitmq_mqtt].\n");
        File.WriteAllLines(
            settings + ".conf",
            [$"mqtt.listeners.tcp.1 = 127.0.0.1:{MqttPort}", "mqtt.allow_anonymous = true", "mqtt.default_user = guest", "mqtt.default_pass = guest"]);
        var environment = new Dictionary<string, string>
        {
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = mapperPort,
            ["HOME"] = _folder.Path,
            ["RABBITMQ_CONFIG_FILE"] = settings,
            ["RABBITMQ_DIST_PORT"] = distributionPort,
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_LOG_BASE"] = _folder.Path,
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder.Path, "mnesia"),
            ["RABBITMQ_NODENAME"] = $"art{MqttPort}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = amqpPort,
            ["RABBITMQ_PID_FILE"] = Path.Combine(_folder.Path, "pid"),
        };
        _mapper = Start(PortMapper, ["-port", mapperPort], environment);
        _server = Start(Program, [], environment);
    }

    /// <summary>Whether it is on this machine.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>TCP port of MQTT on loopback.</summary>
    public int MqttPort { get; } = Ports.Free();

    /// <summary>Starts one, and waits until it listens.</summary>
    public static async Task<RabbitMqServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RabbitMqServer();
        while (!await server.IsListeningAsync(cancellationToken))
        {
            if (server._server.HasExited)
            {
                throw new InvalidOperationException($"RabbitMQ ended with {server._server.ExitCode}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }

        return server;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var process in (Process[])[_server, _mapper])
        {
            // The program is a script; the server is its child.
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Dispose();
    }

    private static string Port() => Ports.Free().ToString(CultureInfo.InvariantCulture);

    private static Process Start(string program, string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task<bool> IsListeningAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", MqttPort, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

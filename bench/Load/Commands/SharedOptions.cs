using System.CommandLine;
using System.Net;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Commands;

/// <summary>Options that more than one command has.</summary>
internal sealed class SharedOptions
{
    /// <summary>Protocol level.</summary>
    public Option<string> Version { get; } = new("--mqtt")
    {
        Description = "Protocol version: 5 or 3.1.1.",
        DefaultValueFactory = _ => "5",
    };

    /// <summary>Address of the server.</summary>
    public Option<string> Host { get; } = new("--host")
    {
        Description = "Loopback address of the server; others are refused.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    /// <summary>Port of the server.</summary>
    public Option<int> Port { get; } = new("--port")
    {
        Description = "MQTT port of the server.",
        DefaultValueFactory = _ => 1883,
    };

    /// <summary>Number of devices.</summary>
    public Option<int> Devices { get; } = new("--devices")
    {
        Description = "Devices, each with its own connection.",
        DefaultValueFactory = _ => 100,
    };

    /// <summary>Credentials.</summary>
    public Option<FileInfo?> Logins { get; } = new("--logins")
    {
        Description = "File with a line \"device-id secret\" for each device; without it the devices are anonymous.",
    };

    /// <summary>Result as JSON.</summary>
    public Option<string?> Json { get; } = new("--json")
    {
        Description = "Also write the result as JSON to this file; \"-\" prints JSON instead of the table.",
    };


    /// <summary>Adds bounds to the numbers.</summary>
    public SharedOptions()
    {
        Version.AcceptOnlyFromAmong("5", "3.1.1");
        Devices.Between(1, 20_000);
        Port.Between(1, 65_535);
    }

    /// <summary>The server's address.</summary>
    public IPEndPoint ServerOf(ParseResult parsed) =>
        new(Loopback.Parse(parsed.GetRequiredValue(Host)), parsed.GetRequiredValue(Port));

    /// <summary>The protocol level.</summary>
    public MqttVersion VersionOf(ParseResult parsed) =>
        parsed.GetRequiredValue(Version) == "5" ? MqttVersion.V5 : MqttVersion.V311;

    /// <summary>The devices, at most <see cref="Devices"/>.</summary>
    public IReadOnlyList<DeviceLogin> LoginsOf(ParseResult parsed) => parsed.GetValue(Logins) is { } file
        ? [.. DeviceLogin.Read(file.FullName).Take(parsed.GetRequiredValue(Devices))]
        : DeviceLogin.Anonymous(parsed.GetRequiredValue(Devices));
}

using System.Net;
using ArtMqtt.Load.Mqtt;

namespace ArtMqtt.Load.Scenarios;

/// <summary>Whose positions to watch, and how often they come.</summary>
internal sealed record LatencySettings
{
    /// <summary>The MQTT server, on loopback.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>Protocol level.</summary>
    public required MqttVersion Version { get; init; }

    /// <summary>The node's HTTP address, on loopback.</summary>
    public required Uri Node { get; init; }

    /// <summary>File with the dispatcher's token.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The devices; each gets a request and a watcher of its own.</summary>
    public required IReadOnlyList<DeviceLogin> Logins { get; init; }

    /// <summary>From one position of a device to the next.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Not measured.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Where to write the result as JSON.</summary>
    public string? JsonPath { get; init; }
}

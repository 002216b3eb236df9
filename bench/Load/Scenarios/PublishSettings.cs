using System.Net;
using ArtMqtt.Load.Mqtt;

namespace ArtMqtt.Load.Scenarios;

/// <summary>What to publish, where, and for how long.</summary>
internal sealed record PublishSettings
{
    /// <summary>Name of the run in its report.</summary>
    public required string Name { get; init; }

    /// <summary>The MQTT server, on loopback.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>Protocol level.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    /// <summary>The devices.</summary>
    public required IReadOnlyList<DeviceLogin> Logins { get; init; }

    /// <summary>Unacknowledged publishes per device.</summary>
    public int InFlight { get; init; } = 20;

    /// <summary>Not measured, but sent and counted.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Measured.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Most positions in total.</summary>
    public long MaxPositions { get; init; } = 20_000_000;

    /// <summary>From one fix time of a device to the next, ms.</summary>
    public int StepMs { get; init; } = 1;

    /// <summary>Subscribers that take everything; for brokers that store nothing.</summary>
    public int Subscribers { get; init; }

    /// <summary>Publishers wait when the subscribers are this many behind.</summary>
    public int MaxBehind { get; init; } = 20_000;

    /// <summary>The node's database: emptied of positions before, counted after. Null: do not look.</summary>
    public string? Database { get; init; }

    /// <summary>Processes to report, by name.</summary>
    public IReadOnlyDictionary<string, int> Processes { get; init; } = new Dictionary<string, int>();

    /// <summary>Where to write the result as JSON; "-" prints it instead of the table.</summary>
    public string? JsonPath { get; init; }
}

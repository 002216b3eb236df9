using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>Where and as whom positions are published.</summary>
internal sealed record PublisherOptions
{
    /// <summary>Name or address of the MQTT server.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port of the MQTT server.</summary>
    public required int Port { get; init; }

    /// <summary>Whether the connection is TLS.</summary>
    public bool UseTls { get; init; }

    /// <summary>User name and client id.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Password.</summary>
    public required string Secret { get; init; }

    /// <summary>Topic positions are published to.</summary>
    public required string Topic { get; init; }

    /// <summary>Payload format.</summary>
    public PositionFormat Format { get; init; }

    /// <summary>MQTT QoS, 0 or 1; 0 gives up the guarantee that nothing is lost. Default 1.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>Most publishes without an answer; the server's receive maximum may lower it. Default 20.</summary>
    public int MaxInFlight { get; init; } = 20;

    /// <summary>Most positions of a backlog in one publish; 1 sends each by itself. Default 1.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Whether the newest position goes ahead of a backlog. Default: in order.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Whether the oldest positions are given up when the spool is full. Default: wait.</summary>
    public bool DropsOldest { get; init; }

    /// <summary>Topic on which the server says how often to send, or null.</summary>
    public string? ControlTopic { get; init; }

    /// <summary>Longest wait for the network connection and CONNACK. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a PUBACK before the connection is given up. Default 30 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First wait before trying again; doubles up to <see cref="LongestDelay"/>. Default 0.5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait before trying again. Default 30 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);
}

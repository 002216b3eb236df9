using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>Where and as whom positions are published.</summary>
internal sealed record PublisherOptions
{
    /// <summary>Ways to servers, the best first; at least one.</summary>
    public required IReadOnlyList<ServerEndpoint> Servers { get; init; }

    /// <summary>User name.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Client id; null: the device id.</summary>
    public string? ClientId { get; init; }

    /// <summary>How it proves that.</summary>
    public required DeviceCredentials Credentials { get; init; }

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

    /// <summary>What gives way when the spool is full. Default: the receiver.</summary>
    public SpoolPolicy WhenFull { get; init; }

    /// <summary>Age beyond which positions are given up before they are sent. Default: none.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.MaxValue;

    /// <summary>Topic on which the server says how often to send, or null.</summary>
    public string? ControlTopic { get; init; }

    /// <summary>Whether foreign servers are to say when the device is gone. Default: our server does anyway.</summary>
    public bool LeavesWill { get; init; }

    /// <summary>How long the server keeps the session when the connection is lost. Default: not at all.</summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>Longest silence of an MQTT connection. Default 30 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a better server is looked for while a worse one serves. Default 5 min.</summary>
    public TimeSpan ClimbInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Lets only so many publishers of this process connect at the same time; null: any number.</summary>
    public SemaphoreSlim? Connecting { get; init; }

    /// <summary>How long before a token is over its successor is looked for in the file. Default 1 min.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often it is looked for. Default 10 s.</summary>
    public TimeSpan RenewTry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes in 24 hours on a metered network, or null.</summary>
    public long? DailyBytes { get; init; }

    /// <summary>Longest wait for the network connection and CONNACK. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a PUBACK before the connection is given up. Default 30 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>First wait before trying again; doubles up to <see cref="LongestDelay"/>. Default 0.5 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait before trying again. Default 30 s.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);
}

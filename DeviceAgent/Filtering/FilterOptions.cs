namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>Which fixes are worth keeping. The defaults suit road vehicles.</summary>
internal sealed record FilterOptions
{
    /// <summary>Everything that is believable is kept.</summary>
    public static readonly FilterOptions KeepAll = new()
    {
        MinInterval = TimeSpan.Zero,
        MinDistance = 0,
        MinTurn = 0,
        StationaryAfter = TimeSpan.MaxValue,
    };

    /// <summary>Shortest time between two that are kept. Default 2 s.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Metres from the last one that make the next worth keeping. Default 100.</summary>
    public double MinDistance { get; init; } = 100;

    /// <summary>Degrees of turning, in motion, that make it worth keeping. Default 15.</summary>
    public double MinTurn { get; init; } = 15;

    /// <summary>Metres per second faster or slower that make it worth keeping. Default 5.</summary>
    public double MinSpeedChange { get; init; } = 5;

    /// <summary>Longest time in motion without keeping one. Default 30 s.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Metres around one place that count as standing still: the jitter of a receiver. Default 15.</summary>
    public double StationaryRadius { get; init; } = 15;

    /// <summary>How long within that radius before it counts as standing. Default 30 s.</summary>
    public TimeSpan StationaryAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a standing device says that it is alive. Default 5 min.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Metres of accuracy beyond which a fix says too little. Default 100; a fix that tells none is believed.</summary>
    public double MaxAccuracy { get; init; } = 100;

    /// <summary>Metres per second between two fixes that no vehicle drives. Default 80 (288 km/h).</summary>
    public double MaxSpeed { get; init; } = 80;
}

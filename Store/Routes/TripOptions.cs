namespace ArtMqtt.Store.Routes;

/// <summary>What counts as a stop and as a trip. Gap and least trip are Traccar's defaults.</summary>
public sealed record TripOptions
{
    /// <summary>Metres around its middle that a stop does not leave. Default 200.</summary>
    public double StopRadius { get; init; } = 200;

    /// <summary>Least time within the radius. Default 180 s, longer than most traffic lights.</summary>
    public TimeSpan MinStopDuration { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>Longest time without positions inside a trip; it is cut there. Default 1 h.</summary>
    public TimeSpan MaxGap { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Metres that make a movement a trip, however quick it was. Default 500.</summary>
    public double MinTripDistance { get; init; } = 500;

    /// <summary>Time that makes a movement a trip, however short it was. Default 300 s.</summary>
    public TimeSpan MinTripDuration { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long positions must stay outside a stop before it is over. Default 30 s.</summary>
    public TimeSpan ExitConfirmation { get; init; } = TimeSpan.FromSeconds(30);
}

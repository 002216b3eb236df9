namespace ArtMqtt.Ingest;

/// <summary>How long the history of the devices of one fleet is kept.</summary>
public sealed class FleetRetentionOptions
{
    /// <summary>Positions, by fix time; null: for ever.</summary>
    public TimeSpan? Positions { get; set; }

    /// <summary>What was summed up of them by the hour; null: for ever.</summary>
    public TimeSpan? Hours { get; set; }
}

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What gives way when the spool is full.</summary>
internal enum SpoolPolicy
{
    /// <summary>The receiver: what cannot be kept waits where it comes from.</summary>
    Wait,

    /// <summary>The oldest positions are given up.</summary>
    DropOldest,

    /// <summary>The newest positions are given up.</summary>
    DropNewest,
}

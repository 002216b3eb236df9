namespace ArtMqtt.DeviceAgent.Clocks;

/// <summary>What the machine knows of its own time.</summary>
internal interface IMachine
{
    /// <summary>Tells this start of the machine from all others; at most 64 ASCII characters.</summary>
    string Boot { get; }

    /// <summary>Since the machine was started, sleep included.</summary>
    TimeSpan Uptime { get; }

    /// <summary>Whether something (NTP, GPS) keeps the clock right.</summary>
    bool IsSynchronized { get; }
}

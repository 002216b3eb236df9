namespace ArtMqtt.Contracts.Devices;

/// <summary>What happened to a device at the broker. Numbers are kept on disk.</summary>
public enum DeviceEventKind
{
    /// <summary>A connection was opened.</summary>
    Connected = 1,

    /// <summary>A connection has ended, or the device did not come back after a restart of the broker.</summary>
    Disconnected = 2,

    /// <summary>A sign-in in its name was refused.</summary>
    Refused = 3,
}

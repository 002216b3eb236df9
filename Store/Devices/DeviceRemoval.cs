namespace ArtMqtt.Store.Devices;

/// <summary>How the removal of a device ended.</summary>
public enum DeviceRemoval
{
    /// <summary>It exists no more.</summary>
    Removed,

    /// <summary>There is no such device.</summary>
    NotFound,

    /// <summary>It has positions or requests, which would lose their device: disable it instead.</summary>
    InUse,
}

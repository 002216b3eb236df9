namespace ArtMqtt.DeviceAgent.Running;

/// <summary>What a device does when the server says how often it wants positions.</summary>
internal enum ControlUse
{
    /// <summary>It keeps fewer: the route is as coarse as the server asks.</summary>
    Thin,

    /// <summary>It keeps what it would anyway and sends it together, as often as the server asks: the route stays fine.</summary>
    Batch,

    /// <summary>Nothing.</summary>
    Ignore,
}

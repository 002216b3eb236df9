namespace ArtMqtt.Store.Devices;

/// <summary>Which devices a list holds.</summary>
public enum DeviceCondition
{
    /// <summary>All.</summary>
    Any,

    /// <summary>Those that are connected.</summary>
    Online,

    /// <summary>Those that may report and have not for <see cref="DeviceHealthReader.SilentTime"/>, or never.</summary>
    Silent,

    /// <summary>Those that may not connect.</summary>
    Disabled,

    /// <summary>Those whose battery was below <see cref="DeviceHealthReader.LowBattery"/> percent.</summary>
    LowBattery,
}

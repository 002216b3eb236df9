namespace ArtMqtt.Store.Devices;

/// <summary>How many devices there are, and in which condition; one may be in several.</summary>
/// <param name="All">All of the tenant.</param>
/// <param name="Online">Connected.</param>
/// <param name="Silent">May report and do not.</param>
/// <param name="Disabled">May not connect.</param>
/// <param name="LowBattery">With a battery that is nearly empty.</param>
public sealed record DeviceCounts(long All, long Online, long Silent, long Disabled, long LowBattery);

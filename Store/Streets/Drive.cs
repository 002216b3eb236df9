namespace ArtMqtt.Store.Streets;

/// <summary>One trip of a device.</summary>
/// <param name="DeviceKey">Whose.</param>
/// <param name="Start">Its first moment.</param>
/// <param name="End">Its last.</param>
public readonly record struct Drive(int DeviceKey, DateTimeOffset Start, DateTimeOffset End);

namespace ArtMqtt.Spool;

/// <summary>How full a spool is.</summary>
/// <param name="Records">Records appended and not acknowledged.</param>
/// <param name="Bytes">Bytes they take.</param>
/// <param name="CapacityBytes">Above this, appending waits.</param>
/// <param name="Failure">Why nothing can be appended now (for example a full disk), or null.</param>
public readonly record struct SpoolStatus(long Records, long Bytes, long CapacityBytes, string? Failure);

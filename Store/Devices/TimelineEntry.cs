namespace ArtMqtt.Store.Devices;

/// <summary>Something that happened to a device.</summary>
/// <param name="At">Our clock, UTC.</param>
/// <param name="Kind">connected, disconnected, refused, or dead_letter.</param>
/// <param name="Reason">Why; of a dead letter its code; empty for none.</param>
/// <param name="Detail">Of a dead letter what is wrong with it; else client id, address, protocol and agent.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Kind, string Reason, string Detail);

/// <summary>What a device reported in a part of a period.</summary>
/// <param name="From">Where the part begins, UTC.</param>
/// <param name="Positions">How many.</param>
/// <param name="MaxSpeed">The highest speed, metres per second; null when none was said.</param>
/// <param name="Battery">The lowest charge, percent; null when none was said.</param>
/// <param name="MaxLag">The longest time from the fix to its arrival, seconds.</param>
public sealed record TimelinePart(DateTimeOffset From, long Positions, double? MaxSpeed, int? Battery, double MaxLag);

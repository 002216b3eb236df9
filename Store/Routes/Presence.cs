namespace ArtMqtt.Store.Routes;

/// <summary>That a device was in an area.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="FirstFixTime">Fix time of its first position inside, UTC.</param>
/// <param name="LastFixTime">Fix time of its last position inside, UTC; it may have left in between.</param>
/// <param name="Positions">How many positions lie inside.</param>
public sealed record Presence(
    string DeviceId, DateTimeOffset FirstFixTime, DateTimeOffset LastFixTime, long Positions);

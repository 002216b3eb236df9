namespace ArtMqtt.Store.Trips;

/// <summary>Hours of a device that were summed up and whose trips are not looked for yet.</summary>
/// <param name="Device">Key of the device.</param>
/// <param name="From">Start of the first hour.</param>
/// <param name="To">Start of the last hour.</param>
internal sealed record DueTrips(int Device, DateTimeOffset From, DateTimeOffset To);

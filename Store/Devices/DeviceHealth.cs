namespace ArtMqtt.Store.Devices;

/// <summary>How a device is doing.</summary>
/// <param name="Device">What it is.</param>
/// <param name="Presence">Whether it is connected; null when no broker has told yet.</param>
/// <param name="Last">Its newest position; null when there is none.</param>
/// <param name="Recent">Positions with a fix time in the last <see cref="DeviceHealthReader.RecentTime"/>.</param>
public sealed record DeviceHealth(DeviceRecord Device, DevicePresenceState? Presence, LastReport? Last, long Recent);

/// <summary>Whether a device is connected by MQTT.</summary>
/// <param name="IsOnline">Whether it is.</param>
/// <param name="Since">Since when that is so, UTC.</param>
/// <param name="ClientId">MQTT client id of the newest connection.</param>
/// <param name="Address">IP address of the newest connection; empty when not known.</param>
/// <param name="Protocol">Protocol and transport of the newest connection.</param>
/// <param name="Agent">Program and version that the device last said; empty when it never did.</param>
public sealed record DevicePresenceState(
    bool IsOnline, DateTimeOffset Since, string ClientId, string Address, string Protocol, string Agent);

/// <summary>A device's newest position.</summary>
/// <param name="FixTime">The receiver's clock, UTC.</param>
/// <param name="ReceivedAt">Our clock, UTC.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="Speed">Metres per second, or null.</param>
/// <param name="Battery">Percent, or null.</param>
public sealed record LastReport(
    DateTimeOffset FixTime, DateTimeOffset ReceivedAt, double Latitude, double Longitude, double? Speed, int? Battery);

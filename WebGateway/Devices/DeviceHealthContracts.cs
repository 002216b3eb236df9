using ArtMqtt.Store.Devices;

namespace ArtMqtt.WebGateway.Devices;

/// <summary>How a device is doing.</summary>
/// <param name="DeviceId">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="IsEnabled">Whether it may connect.</param>
/// <param name="Tenant">The firm whose it is; empty for none.</param>
/// <param name="Presence"><c>online</c> or <c>offline</c> by MQTT; <c>unknown</c> when it never connected so.</param>
/// <param name="Since">Since when, UTC; null when not known.</param>
/// <param name="ClientId">MQTT client id of its newest connection, or null.</param>
/// <param name="Address">IP address of its newest connection; null when not known, and for analysts.</param>
/// <param name="Protocol">Protocol and transport of its newest connection, or null.</param>
/// <param name="Agent">Its program and version, as it said when it connected; null when it does not say.</param>
/// <param name="FixTime">Of its newest position by the receiver's clock, UTC, or null.</param>
/// <param name="ReceivedAt">When that arrived, UTC, or null.</param>
/// <param name="LagSeconds">From that fix to its arrival; below 0 when the device's clock is ahead.</param>
/// <param name="Lat">Degrees north, or null.</param>
/// <param name="Lng">Degrees east, or null.</param>
/// <param name="Battery">Percent, or null.</param>
/// <param name="PositionsPerMinute">Mean of the last 5 minutes by fix time.</param>
internal sealed record DeviceHealthView(
    string DeviceId, string? Name, bool IsEnabled, string Tenant, string Presence, DateTimeOffset? Since, string? ClientId,
    string? Address, string? Protocol, string? Agent, DateTimeOffset? FixTime, DateTimeOffset? ReceivedAt,
    double? LagSeconds, double? Lat, double? Lng, int? Battery, double PositionsPerMinute)
{
    /// <param name="health">What the store says.</param>
    /// <param name="withAddress">Whether the caller needs to know where from on the network.</param>
    public static DeviceHealthView Of(DeviceHealth health, bool withAddress)
    {
        var (device, state, last) = (health.Device, health.Presence, health.Last);
        return new DeviceHealthView(
            device.DeviceId, device.Name, device.IsEnabled, device.Tenant,
            state is null ? "unknown" : state.IsOnline ? "online" : "offline", state?.Since, Known(state?.ClientId),
            withAddress ? Known(state?.Address) : null, Known(state?.Protocol), Known(state?.Agent), last?.FixTime, last?.ReceivedAt,
            last is null ? null : Math.Round((last.ReceivedAt - last.FixTime).TotalSeconds, 3), last?.Latitude, last?.Longitude,
            last?.Battery, Math.Round(health.Recent / DeviceHealthReader.RecentTime.TotalMinutes, 1));
    }

    private static string? Known(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>A page of devices, by id.</summary>
/// <param name="Items">How they are doing.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
/// <param name="Counts">Of all devices of the tenant, on the first page; else null.</param>
internal sealed record DeviceHealthPage(IReadOnlyList<DeviceHealthView> Items, string? Next, DeviceCounts? Counts);

/// <summary>What happened to a device in a period.</summary>
/// <param name="Device">How it is doing now.</param>
/// <param name="Entries">Connections, refused sign-ins and dead letters, newest first, at most 500.</param>
/// <param name="Parts">What it reported, in 96 parts of the period; those without positions are left out.</param>
internal sealed record DeviceTimelineView(
    DeviceHealthView Device, IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<TimelinePart> Parts);

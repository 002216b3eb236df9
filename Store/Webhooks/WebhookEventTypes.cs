namespace ArtMqtt.Store.Webhooks;

/// <summary>What webhooks can tell; docs/webhooks.md describes the data of each.</summary>
public static class WebhookEventTypes
{
    /// <summary>A request was made or changed its status.</summary>
    public const string RequestStatus = "request.status";

    /// <summary>The operator has arrived.</summary>
    public const string RequestArrived = "request.arrived";

    /// <summary>The operator's estimated time of arrival has come nearer than a threshold.</summary>
    public const string RequestEta = "request.eta";

    /// <summary>A device has entered a geofence.</summary>
    public const string GeofenceEnter = "geofence.enter";

    /// <summary>A device has left a geofence.</summary>
    public const string GeofenceExit = "geofence.exit";

    /// <summary>A device has fallen silent.</summary>
    public const string DeviceOffline = "device.offline";

    /// <summary>A silent device is back.</summary>
    public const string DeviceOnline = "device.online";

    /// <summary>Sent to try an endpoint out; nobody asks for it.</summary>
    public const string Ping = "ping";

    /// <summary>What an endpoint may ask for.</summary>
    public static IReadOnlyList<string> All { get; } =
        [RequestStatus, RequestArrived, RequestEta, GeofenceEnter, GeofenceExit, DeviceOffline, DeviceOnline];
}

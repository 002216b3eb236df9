namespace ArtMqtt.Contracts.Fleet;

/// <summary>
/// The devices and the requests that are not over, as the broker must know them for every packet: read without I/O,
/// kept up to date behind it, still there when the database is not.
/// </summary>
public interface IFleetDirectory
{
    /// <summary>Whether a first state was loaded, from the database or from the last one kept on disk.</summary>
    bool IsLoaded { get; }

    /// <summary>
    /// Whether the database is being followed. When it is not, what is unknown here may exist all the same.
    /// </summary>
    bool IsCurrent { get; }

    /// <summary>
    /// Another number after every change that was put in: what was decided from this directory has to be asked again.
    /// </summary>
    long Version { get; }

    /// <summary>All devices.</summary>
    IEnumerable<FleetDevice> Devices { get; }

    /// <summary>The requests that are not over.</summary>
    IEnumerable<FleetRequest> Requests { get; }

    /// <summary>The device of that id, or null.</summary>
    FleetDevice? FindDevice(string deviceId);

    /// <summary>The request, or null when it does not exist or is over.</summary>
    FleetRequest? FindRequest(Guid requestId);

    /// <summary>The running request the device is assigned to, the newest if there are several, or null.</summary>
    FleetRequest? FindActiveRequestOf(string deviceId);

    /// <summary>
    /// The firm a request belongs to, also for a while after it is over; empty for none, null when that is not known.
    /// </summary>
    string? FindTenant(Guid requestId) => FindRequest(requestId)?.Tenant;
}

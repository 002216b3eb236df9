using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.BrokerHost;

/// <summary>No devices and no requests: the conformance profile asks for none.</summary>
internal sealed class EmptyFleet : IFleetDirectory
{
    /// <inheritdoc/>
    public bool IsLoaded => true;

    /// <inheritdoc/>
    public bool IsCurrent => true;

    /// <inheritdoc/>
    public long Version => 0;

    /// <inheritdoc/>
    public IEnumerable<FleetDevice> Devices => [];

    public IEnumerable<FleetRequest> Requests => [];

    /// <inheritdoc/>
    public FleetDevice? FindDevice(string deviceId) => null;

    /// <inheritdoc/>
    public FleetRequest? FindRequest(Guid requestId) => null;

    /// <inheritdoc/>
    public FleetRequest? FindActiveRequestOf(string deviceId) => null;
}

using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.Store.Fleet;

/// <summary>
/// The fleet in memory. <see cref="FleetSynchronizer"/> fills it from the database; the repositories of this process
/// put their own changes in directly, so that a device created over REST can connect at once.
/// </summary>
public sealed class FleetDirectory : IFleetDirectory
{
    private readonly Lock _lock = new();
    private volatile FleetState? _state;
    private volatile bool _isCurrent;
    private readonly EndedRequests _ended = new();
    private List<Action<FleetState>>? _duringReload;
    private long _version;

    /// <inheritdoc/>
    public bool IsLoaded => _state is not null;

    /// <inheritdoc/>
    public bool IsCurrent => _isCurrent;

    /// <inheritdoc/>
    public long Version => Interlocked.Read(ref _version);

    /// <inheritdoc/>
    public IEnumerable<FleetDevice> Devices => _state?.Devices ?? [];

    /// <inheritdoc/>
    public IEnumerable<FleetRequest> Requests => _state?.Requests.Select(entry => entry.Request) ?? [];

    /// <inheritdoc/>
    public FleetDevice? FindDevice(string deviceId) => _state?.FindDevice(deviceId);

    /// <inheritdoc/>
    public FleetRequest? FindRequest(Guid requestId) => _state?.FindRequest(requestId);

    /// <inheritdoc/>
    public FleetRequest? FindActiveRequestOf(string deviceId) => _state?.FindActiveRequestOf(deviceId);

    /// <inheritdoc/>
    public string? FindTenant(Guid requestId) => FindRequest(requestId)?.Tenant ?? _ended.FindTenant(requestId);

    /// <summary>What is known now, to be written to a file; null before the first load.</summary>
    internal FleetState? Current => _state;

    /// <summary>Whether the database is followed from now on.</summary>
    internal void SetCurrent(bool isCurrent) => _isCurrent = isCurrent;

    /// <summary>A device was created or changed.</summary>
    internal void Apply(FleetDevice device) => Change(state => state.Set(device));

    /// <summary>A request was created, changed or ended.</summary>
    internal void Apply(FleetEntry entry)
    {
        // Before it is forgotten: at no moment is it not known whose it is.
        if (!entry.IsRunning)
        {
            _ended.Add(entry.Request);
        }

        Change(state => state.Set(entry));
    }

    /// <summary>A device exists no more.</summary>
    internal void RemoveDevice(string deviceId) => Change(state => state.RemoveDevice(deviceId));

    /// <summary>A request exists no more.</summary>
    internal void RemoveRequest(Guid requestId) => Change(state => state.RemoveRequest(requestId));

    /// <summary>
    /// Call before everything is read from the database: changes that arrive meanwhile may be missing in what was
    /// read, so they are kept and put in again by <see cref="CompleteReload"/>.
    /// </summary>
    internal void BeginReload()
    {
        lock (_lock)
        {
            _duringReload = [];
        }
    }

    /// <summary>The reading failed: what is known stays.</summary>
    internal void AbandonReload()
    {
        lock (_lock)
        {
            _duringReload = null;
        }
    }

    /// <summary>Replaces everything.</summary>
    internal void CompleteReload(FleetState state)
    {
        lock (_lock)
        {
            foreach (var change in _duringReload ?? [])
            {
                change(state);
            }

            _duringReload = null;
            _state = state;
            _version++;
        }
    }

    private void Change(Action<FleetState> change)
    {
        lock (_lock)
        {
            _duringReload?.Add(change);
            // Before the first load there is nothing to change: the load will bring it.
            if (_state is { } state)
            {
                change(state);
                _version++;
            }
        }
    }
}

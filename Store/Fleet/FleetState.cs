using System.Collections.Concurrent;
using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.Store.Fleet;

/// <summary>Devices and running requests in memory. Any thread may read; writers take turns (their caller's lock).</summary>
internal sealed class FleetState
{
    private readonly ConcurrentDictionary<string, FleetDevice> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, FleetEntry> _requests = new();
    private readonly ConcurrentDictionary<string, FleetEntry[]> _byDevice = new(StringComparer.Ordinal);

    /// <summary>All devices.</summary>
    public IEnumerable<FleetDevice> Devices => _devices.Values;

    /// <summary>All running requests.</summary>
    public IEnumerable<FleetEntry> Requests => _requests.Values;

    /// <summary>The device, or null.</summary>
    public FleetDevice? FindDevice(string deviceId) => _devices.GetValueOrDefault(deviceId);

    /// <summary>The running request, or null.</summary>
    public FleetRequest? FindRequest(Guid requestId) => _requests.GetValueOrDefault(requestId)?.Request;

    /// <summary>The newest running request of the device, or null.</summary>
    public FleetRequest? FindActiveRequestOf(string deviceId) =>
        _byDevice.TryGetValue(deviceId, out var entries) ? entries[0].Request : null;

    /// <summary>Adds or replaces a device; an older version changes nothing.</summary>
    public void Set(FleetDevice device)
    {
        // The same name with a higher key is a device that was made after the other was removed.
        var known = _devices.GetValueOrDefault(device.DeviceId);
        if (known is null || (device.Key, device.Version).CompareTo((known.Key, known.Version)) >= 0)
        {
            _devices[device.DeviceId] = device;
        }
    }

    /// <summary>Forgets a device.</summary>
    public void RemoveDevice(string deviceId) => _devices.TryRemove(deviceId, out _);

    /// <summary>Adds, replaces or (when it is over) forgets a request; an older version changes nothing.</summary>
    public void Set(FleetEntry entry)
    {
        var id = entry.Request.RequestId;
        var known = _requests.GetValueOrDefault(id);
        if (known?.Version > entry.Version)
        {
            return;
        }

        if (!entry.IsRunning)
        {
            RemoveRequest(id);
            return;
        }

        // Linked to the device before the old link goes: at no moment is a serving device without its request.
        Link(entry);
        _requests[id] = entry;
        if (known is not null && known.Request.DeviceId != entry.Request.DeviceId)
        {
            Unlink(known);
        }
    }

    /// <summary>Forgets a request that exists no more.</summary>
    public void RemoveRequest(Guid requestId)
    {
        if (_requests.TryRemove(requestId, out var known))
        {
            Unlink(known);
        }
    }

    private void Link(FleetEntry entry)
    {
        if (entry.Request.DeviceId is { } deviceId)
        {
            _byDevice[deviceId] = [.. _byDevice.GetValueOrDefault(deviceId, [])
                .Where(e => e.Request.RequestId != entry.Request.RequestId)
                .Append(entry)
                .OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Request.RequestId)];
        }
    }

    private void Unlink(FleetEntry entry)
    {
        if (entry.Request.DeviceId is { } deviceId && _byDevice.TryGetValue(deviceId, out var entries))
        {
            FleetEntry[] rest = [.. entries.Where(e => e.Request.RequestId != entry.Request.RequestId)];
            if (rest.Length == 0)
            {
                _byDevice.TryRemove(deviceId, out _);
            }
            else
            {
                _byDevice[deviceId] = rest;
            }
        }
    }
}

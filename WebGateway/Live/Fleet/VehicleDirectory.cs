using System.Collections.Frozen;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Live.Fleet;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>
/// What the fleet directory knows, by the integer keys of devices. Built anew when the directory has changed, at most once
/// for each frame; a vehicle whose job has changed counts as moved, one that exists no more is forgotten.
/// </summary>
internal sealed class VehicleDirectory(IFleetDirectory fleet, FleetPlaces places)
{
    private readonly Lock _gate = new();
    private FrozenDictionary<int, VehicleEntry> _byKey = FrozenDictionary<int, VehicleEntry>.Empty;
    private long _version = -1;

    /// <summary>The vehicles of this moment.</summary>
    public FrozenDictionary<int, VehicleEntry> Current()
    {
        lock (_gate)
        {
            var version = fleet.Version;
            if (version != _version && fleet.IsLoaded)
            {
                var before = _byKey;
                _byKey = fleet.Devices.Select(EntryOf).ToFrozenDictionary(entry => entry.Key);
                _version = version;
                Compare(before, _byKey);
            }

            return _byKey;
        }
    }

    private void Compare(FrozenDictionary<int, VehicleEntry> before, FrozenDictionary<int, VehicleEntry> now)
    {
        foreach (var (key, entry) in before)
        {
            if (!now.TryGetValue(key, out var current))
            {
                places.Remove(key);
            }
            else if (current.RequestId != entry.RequestId || current.Status != entry.Status)
            {
                places.Touch(key);
            }
        }

        // Its place may have been known before the vehicle was: nobody has been told of it yet.
        foreach (var key in now.Keys.Where(key => !before.ContainsKey(key)))
        {
            places.Touch(key);
        }
    }

    private VehicleEntry EntryOf(FleetDevice device)
    {
        var request = fleet.FindActiveRequestOf(device.DeviceId);
        return new VehicleEntry(device.Key, device.DeviceId, device.Tenant, request?.RequestId, request?.Status);
    }
}

using System.Collections.Concurrent;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Live.Fleet;

/// <summary>
/// Where each vehicle of the fleet is now, as far as this node knows: one place per device, the newest. Numbered, so that
/// whoever has seen everything up to a version can ask for what changed since. About 200 bytes per device.
/// </summary>
public sealed class FleetPlaces
{
    private readonly ConcurrentDictionary<int, Vehicle> _vehicles = new();
    private long _version;

    /// <summary>
    /// Version of the last change. Read it before <see cref="Since"/>: everything up to it is then among what is
    /// enumerated, and what changes meanwhile has a higher one.
    /// </summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Devices whose place is known.</summary>
    public int Count => _vehicles.Count;

    /// <summary>Takes a position; an older one never takes the place of a newer one. Any thread.</summary>
    /// <returns>Whether it is the newest.</returns>
    public bool Offer(int deviceKey, in Position position)
    {
        var vehicle = _vehicles.GetOrAdd(deviceKey, static _ => new Vehicle());
        lock (vehicle)
        {
            if (vehicle.Version > 0 && vehicle.Position.FixTime >= position.FixTime)
            {
                return false;
            }

            vehicle.Position = position;
            // Under the lock: who reads the version and then this vehicle waits for the place that belongs to it.
            vehicle.Version = Interlocked.Increment(ref _version);
            return true;
        }
    }

    /// <summary>Something else about a vehicle has changed: it is among the changes once more.</summary>
    public void Touch(int deviceKey)
    {
        if (_vehicles.TryGetValue(deviceKey, out var vehicle))
        {
            lock (vehicle)
            {
                vehicle.Version = vehicle.Version > 0 ? Interlocked.Increment(ref _version) : 0;
            }
        }
    }

    /// <summary>Forgets a device that exists no more.</summary>
    public void Remove(int deviceKey) => _vehicles.TryRemove(deviceKey, out _);

    /// <summary>The places that changed after a version, in no order; after 0: all.</summary>
    public IEnumerable<VehiclePlace> Since(long version)
    {
        foreach (var (key, vehicle) in _vehicles)
        {
            VehiclePlace place;
            lock (vehicle)
            {
                place = new VehiclePlace(key, vehicle.Position, vehicle.Version);
            }

            if (place.Version > version)
            {
                yield return place;
            }
        }
    }

    private sealed class Vehicle
    {
        public Position Position { get; set; }

        // 0 before the first position.
        public long Version { get; set; }
    }
}

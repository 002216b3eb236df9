using ArtMqtt.Contracts.Devices;

namespace ArtMqtt.Broker.Devices;

/// <summary>
/// How many events of one device are kept, so that one that flaps, or is guessed at, fills neither spool nor database. Of
/// those beyond, the newest is held until the minute is over: what is known in the end is right. Thread-safe.
/// </summary>
internal sealed class DeviceEventBudget(TimeProvider time)
{
    /// <summary>Most events of a device per minute, connections and refusals each.</summary>
    public const int PerMinute = 20;

    private static readonly TimeSpan _window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string DeviceId, bool IsRefusal), int> _taken = [];
    private readonly Dictionary<(string DeviceId, bool IsRefusal), DeviceEvent> _held = [];
    private long _started = time.GetTimestamp();

    /// <summary>Takes one from the device's budget; when it is used up, the event is held.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="replaced">Whether an older one that was held is forgotten for it.</param>
    public bool TryTake(DeviceEvent happened, out bool replaced)
    {
        lock (_gate)
        {
            replaced = false;
            var key = (happened.DeviceId, happened.Kind == DeviceEventKind.Refused);
            var taken = _taken.GetValueOrDefault(key);
            if (taken < PerMinute)
            {
                _taken[key] = taken + 1;
                return true;
            }

            replaced = _held.ContainsKey(key);
            _held[key] = happened;
            return false;
        }
    }

    /// <summary>What was held, once the minute is over; a new one begins.</summary>
    public IReadOnlyCollection<DeviceEvent> TakeHeld()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_started) < _window)
            {
                return [];
            }

            _started = time.GetTimestamp();
            _taken.Clear();
            DeviceEvent[] held = [.. _held.Values];
            _held.Clear();
            return held;
        }
    }
}

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>The devices of this node, and which of them the others have not been told yet. Thread-safe.</summary>
internal sealed class OwnDevices
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _devices = new(StringComparer.Ordinal);
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);

    /// <summary>A device has come, or left.</summary>
    public void Set(string deviceId, long? since)
    {
        lock (_gate)
        {
            if (since is { } at)
            {
                _devices[deviceId] = at;
            }
            else
            {
                _devices.Remove(deviceId);
            }

            _untold.Add(deviceId);
        }
    }

    /// <summary>Takes some that are to be told.</summary>
    public IReadOnlyList<KeyValuePair<string, long?>> TakeUntold(int atMost)
    {
        lock (_gate)
        {
            string[] some = [.. _untold.Take(atMost)];
            _untold.ExceptWith(some);
            return [.. some.Select(id => KeyValuePair.Create(id, _devices.TryGetValue(id, out var since) ? since : (long?)null))];
        }
    }

    /// <summary>They could not be told.</summary>
    public void PutBack(IEnumerable<KeyValuePair<string, long?>> untold)
    {
        lock (_gate)
        {
            _untold.UnionWith(untold.Select(device => device.Key));
        }
    }

    /// <summary>All of them; what changes from now on is to be told.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> TakeAll()
    {
        lock (_gate)
        {
            _untold.Clear();
            return [.. _devices];
        }
    }
}

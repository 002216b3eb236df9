using System.Globalization;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>The devices of the other nodes, as this one knows them. Thread-safe.</summary>
internal sealed class DevicesOfOthers
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DevicesOfNode> _nodes = new(StringComparer.Ordinal);

    /// <summary>Nodes that something is known of.</summary>
    public IReadOnlyList<string> Nodes
    {
        get
        {
            lock (_gate)
            {
                return [.. _nodes.Keys];
            }
        }
    }

    /// <summary>Whether all of it is known of all nodes.</summary>
    public bool IsKnown
    {
        get
        {
            lock (_gate)
            {
                return _nodes.Values.All(node => !node.IsStale);
            }
        }
    }

    /// <summary>Since when a device is connected to one of them; null when it is not.</summary>
    public long? Find(string deviceId)
    {
        lock (_gate)
        {
            return _nodes.Values.Min(node => node.Devices.TryGetValue(deviceId, out var since) ? since : (long?)null);
        }
    }

    /// <summary>There is such a node; what it has is to be read.</summary>
    public void Expect(string id)
    {
        lock (_gate)
        {
            _nodes.TryAdd(id, new DevicesOfNode());
        }
    }

    /// <summary>What is to be read, when these are the numbers of the last changes.</summary>
    public bool IsBehind(string id, long number)
    {
        lock (_gate)
        {
            return _nodes.TryGetValue(id, out var node) && (node.IsStale || node.Number < number);
        }
    }

    /// <summary>A node tells what has changed. Returns which devices.</summary>
    public IReadOnlyCollection<string> Hear(string id, long number, ReadOnlySpan<string> changes)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(id, out var node))
            {
                _nodes[id] = new DevicesOfNode();
                return [];
            }

            if (number <= node.Number)
            {
                return [];
            }

            // A hole, or all of it was told again.
            if (node.IsStale || number != node.Number + 1 || changes.Length == 0)
            {
                node.IsStale = true;
                return [];
            }

            node.Number = number;
            var changed = new List<string>();
            for (var i = 0; i + 1 < changes.Length; i += 2)
            {
                changed.Add(changes[i]);
                if (long.TryParse(changes[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var since))
                {
                    node.Devices[changes[i]] = since;
                }
                else
                {
                    node.Devices.Remove(changes[i]);
                }
            }

            return changed;
        }
    }

    /// <summary>What a node has was read. Returns which devices have come or gone.</summary>
    public IReadOnlyCollection<string> Take(string id, long number, Dictionary<string, long> devices)
    {
        lock (_gate)
        {
            var before = _nodes.GetValueOrDefault(id)?.Devices ?? [];
            _nodes[id] = new DevicesOfNode { Number = number, Devices = devices, IsStale = false };
            return [.. before.Keys.Where(device => !devices.ContainsKey(device)), .. devices.Keys.Where(device => !before.ContainsKey(device))];
        }
    }

    /// <summary>Redis knows nothing of a node: what was known stays until it tells again, or is given up.</summary>
    public void Miss(string id)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(id, out var node))
            {
                node.IsStale = node.Devices.Count > 0;
            }
        }
    }

    /// <summary>A node is gone. Returns what it had.</summary>
    public IReadOnlyCollection<string> Remove(string id)
    {
        lock (_gate)
        {
            return _nodes.Remove(id, out var node) ? node.Devices.Keys : [];
        }
    }

    private sealed class DevicesOfNode
    {
        public long Number { get; set; }

        public Dictionary<string, long> Devices { get; init; } = new(StringComparer.Ordinal);

        public bool IsStale { get; set; } = true;
    }
}

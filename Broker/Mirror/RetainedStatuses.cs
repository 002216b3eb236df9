namespace ArtMqtt.Broker.Mirror;

/// <summary>
/// Which requests have a retained status, and which of them must go: final ones after a while, the least recently
/// changed when there are too many. Not thread-safe.
/// </summary>
/// <param name="capacity">Most retained statuses.</param>
/// <param name="keepFinal">How long a final one stays.</param>
internal sealed class RetainedStatuses(int capacity, TimeSpan keepFinal)
{
    private readonly LinkedList<Guid> _byChange = new();
    private readonly Dictionary<Guid, LinkedListNode<Guid>> _nodes = [];
    private readonly Queue<(DateTimeOffset Due, Guid RequestId)> _final = new();

    /// <summary>How many there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>Whether the request has a retained status.</summary>
    public bool Contains(Guid requestId) => _nodes.ContainsKey(requestId);

    /// <summary>Notes that a status was retained.</summary>
    public void Set(Guid requestId, bool isFinal, DateTimeOffset now)
    {
        if (_nodes.Remove(requestId, out var node))
        {
            _byChange.Remove(node);
        }

        _nodes[requestId] = _byChange.AddLast(requestId);
        if (isFinal)
        {
            _final.Enqueue((now + keepFinal, requestId));
        }
    }

    /// <summary>Takes the next one that must go, if any.</summary>
    public bool TryTakeSurplus(DateTimeOffset now, out Guid requestId)
    {
        while (_final.TryPeek(out var final) && final.Due <= now)
        {
            requestId = _final.Dequeue().RequestId;
            if (Forget(requestId))
            {
                return true;
            }
        }

        if (_nodes.Count > capacity)
        {
            requestId = _byChange.First!.Value;
            return Forget(requestId);
        }

        requestId = default;
        return false;
    }

    private bool Forget(Guid requestId)
    {
        if (!_nodes.Remove(requestId, out var node))
        {
            return false;
        }

        _byChange.Remove(node);
        return true;
    }
}

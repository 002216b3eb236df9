namespace ArtMqtt.Broker.Mqtt;

/// <summary>The filters one client is subscribed to; bounded.</summary>
/// <param name="limit">Most filters.</param>
internal sealed class ClientSubscriptions(int limit)
{
    private readonly HashSet<string> _filters = new(StringComparer.Ordinal);
    private bool _isEnded;

    /// <summary>Adds a filter.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="isNew">Whether it was not subscribed to before.</param>
    /// <returns>False when there are too many, or the client has ended.</returns>
    public bool TryAdd(string filter, out bool isNew)
    {
        lock (_filters)
        {
            isNew = !_isEnded && !_filters.Contains(filter) && _filters.Count < limit && _filters.Add(filter);
            return isNew || _filters.Contains(filter);
        }
    }

    /// <summary>Removes a filter; false when it was not there.</summary>
    public bool Remove(string filter)
    {
        lock (_filters)
        {
            return _filters.Remove(filter);
        }
    }

    /// <summary>Removes all; none can be added any more.</summary>
    public string[] TakeAll()
    {
        lock (_filters)
        {
            _isEnded = true;
            string[] all = [.. _filters];
            _filters.Clear();
            return all;
        }
    }
}

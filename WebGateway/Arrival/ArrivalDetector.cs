namespace ArtMqtt.WebGateway.Arrival;

/// <summary>
/// Says who has arrived: stayed within the radius for the dwell time, by our clock, because a vehicle that stands
/// reports seldom. No I/O; not thread-safe. Memory: the requests that are within their radius now.
/// </summary>
/// <param name="radius">Metres.</param>
/// <param name="dwell">How long to stay.</param>
internal sealed class ArrivalDetector(double radius, TimeSpan dwell)
{
    private readonly Dictionary<Guid, DateTimeOffset> _inside = [];
    private readonly PriorityQueue<Guid, DateTimeOffset> _due = new();

    /// <summary>When <see cref="TryTake"/> may have something; null: not before the next <see cref="Observe"/>.</summary>
    public DateTimeOffset? NextDue => _due.TryPeek(out _, out var due) ? due : null;

    /// <summary>Looks at a place.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="distance">Metres to its pickup point.</param>
    /// <param name="accuracy">Metres, or null. A place that is less exact than the radius says nothing.</param>
    /// <param name="now">Our clock.</param>
    public void Observe(Guid requestId, double distance, float? accuracy, DateTimeOffset now)
    {
        if (accuracy > radius)
        {
            return;
        }

        if (distance > radius)
        {
            _inside.Remove(requestId);
        }
        else if (_inside.TryAdd(requestId, now + dwell))
        {
            _due.Enqueue(requestId, now + dwell);
        }
    }

    /// <summary>Forgets a request that does not wait for an arrival any more.</summary>
    public void Forget(Guid requestId) => _inside.Remove(requestId);

    /// <summary>Takes a request whose operator has arrived.</summary>
    public bool TryTake(DateTimeOffset now, out Guid requestId)
    {
        while (_due.TryPeek(out requestId, out var due) && due <= now)
        {
            _due.Dequeue();
            // Who left and came back is in the queue once more.
            if (_inside.TryGetValue(requestId, out var expected) && expected == due)
            {
                _inside.Remove(requestId);
                return true;
            }
        }

        return false;
    }
}

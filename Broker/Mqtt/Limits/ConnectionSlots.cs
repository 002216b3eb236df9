namespace ArtMqtt.Broker.Mqtt.Limits;

/// <summary>Counts connections and refuses those above the limit, or all of them once it is closed.</summary>
/// <param name="limit">Most connections at a time.</param>
internal sealed class ConnectionSlots(int limit)
{
    private int _taken;
    private volatile bool _isClosed;

    /// <summary>Connections now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a slot; give it back with <see cref="Release"/>.</summary>
    public bool TryTake()
    {
        if (_isClosed)
        {
            return false;
        }

        if (Interlocked.Increment(ref _taken) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives a slot back.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);

    /// <summary>Refuses all from now on.</summary>
    public void Close() => _isClosed = true;
}

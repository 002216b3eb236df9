namespace ArtMqtt.Live;

/// <summary>The newest events of one stream; grows up to its size, then forgets the oldest. Not thread safe.</summary>
internal sealed class EventRing(int size)
{
    private const int FirstCapacity = 8;

    private NumberedEvent[] _events = [];
    private int _start;
    private int _count;

    /// <summary>Takes the next event, in order of sequence without gaps.</summary>
    public void Add(NumberedEvent numbered)
    {
        if (_count == _events.Length && _count < size)
        {
            Grow();
        }

        if (_count == _events.Length)
        {
            _events[_start] = numbered;
            _start = (_start + 1) % _events.Length;
            return;
        }

        _events[(_start + _count) % _events.Length] = numbered;
        _count++;
    }

    /// <summary>The newest events, oldest first: so many, or as many as are not forgotten.</summary>
    public NumberedEvent[] Newest(long wanted)
    {
        var missed = new NumberedEvent[Math.Min(wanted, _count)];
        for (var i = 0; i < missed.Length; i++)
        {
            missed[i] = _events[(_start + _count - missed.Length + i) % _events.Length];
        }

        return missed;
    }

    private void Grow()
    {
        var larger = new NumberedEvent[Math.Min(size, Math.Max(FirstCapacity, _events.Length * 2))];
        // Only a ring that never forgot grows, so it starts at 0.
        _events.CopyTo(larger, 0);
        _events = larger;
    }
}

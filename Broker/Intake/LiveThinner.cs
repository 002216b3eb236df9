using System.Diagnostics.CodeAnalysis;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Intake;

/// <summary>
/// Thins the view: of one request and role at most one place in each interval, the first at once and the newest of the
/// rest at its end. The history is not touched by this. No I/O, no clock of its own; not thread-safe. Memory: the
/// requests that moved within one interval.
/// </summary>
/// <param name="interval">Least time between two places; zero lets everything through.</param>
internal sealed class LiveThinner(TimeSpan interval)
{
    private readonly Dictionary<Key, Held> _held = [];
    private readonly PriorityQueue<Key, DateTimeOffset> _due = new();

    /// <summary>When <see cref="TryTake"/> may have something; null: not before the next <see cref="Passes"/>.</summary>
    public DateTimeOffset? NextDue => _due.TryPeek(out _, out var due) ? due : null;

    /// <summary>Whether a place may be shown now. If not, it is kept unless a newer one is kept already.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="location">The place.</param>
    /// <param name="now">Our clock.</param>
    /// <param name="replaced">Whether a place was given up: this one, or the one that was kept.</param>
    public bool Passes(Guid requestId, LocationEvent location, DateTimeOffset now, out bool replaced)
    {
        replaced = false;
        if (interval <= TimeSpan.Zero)
        {
            return true;
        }

        var key = new Key(requestId, location.Role);
        if (!_held.TryGetValue(key, out var held))
        {
            _held.Add(key, new Held());
            _due.Enqueue(key, now + interval);
            return true;
        }

        replaced = held.Newest is not null;
        if (held.Newest is null || location.Timestamp > held.Newest.Timestamp)
        {
            held.Newest = location;
        }

        return false;
    }

    /// <summary>Takes a kept place whose time has come.</summary>
    public bool TryTake(DateTimeOffset now, out Guid requestId, [NotNullWhen(true)] out LocationEvent? location)
    {
        while (_due.TryPeek(out var key, out var due) && due <= now)
        {
            _due.Dequeue();
            var held = _held[key];
            if (held.Newest is { } newest)
            {
                held.Newest = null;
                _due.Enqueue(key, now + interval);
                (requestId, location) = (key.RequestId, newest);
                return true;
            }

            _held.Remove(key);
        }

        (requestId, location) = (default, null);
        return false;
    }

    private readonly record struct Key(Guid RequestId, PositionRole Role);

    private sealed class Held
    {
        public LocationEvent? Newest { get; set; }
    }
}

using ArtMqtt.Contracts.Live;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// What this node knows of a stream in Redis: it follows it, or, while Redis is not there, goes on alone in an epoch of its own
/// and keeps what the others have to be told.
/// </summary>
/// <param name="stream">What watchers subscribe to.</param>
/// <param name="maxUntold">Events that are kept for the others.</param>
/// <param name="turn">One thing at a time is asked of Redis about it.</param>
internal sealed class FollowedStream(MemoryLiveStream stream, int maxUntold, SemaphoreSlim turn)
{
    // More than this out of order is no matter of two connections any more.
    private const int MaxEarly = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, NumberedEvent> _early = [];
    private readonly LinkedList<LiveEvent> _untold = new();
    private StreamMode _mode;
    private DateTimeOffset? _staleSince;
    private int _notTaken;
    private int _notTakenBeforeLoad;

    /// <summary>What watchers subscribe to.</summary>
    public MemoryLiveStream Stream => stream;

    /// <summary>Whose turn it is to ask.</summary>
    public SemaphoreSlim Turn => turn;

    /// <summary>What comes from Redis; null before it is heard.</summary>
    public ChannelMessageQueue? Channel { get; set; }

    /// <summary>The losses of <see cref="RedisLink"/> that it has made good.</summary>
    public long Losses { get; set; }

    /// <summary>When it was last read from Redis, or the next event of it came.</summary>
    public DateTimeOffset HeardAt { get; private set; }

    /// <summary>What it is doing.</summary>
    public StreamMode Mode
    {
        get
        {
            lock (_gate)
            {
                return _mode;
            }
        }
    }

    /// <summary>Events that came, and can only be had by reading it.</summary>
    public int NotTaken
    {
        get
        {
            lock (_gate)
            {
                return _notTaken;
            }
        }
    }

    /// <summary>Whether it has to be read from Redis, because something is missing.</summary>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long what is out of order may take to come.</param>
    public bool IsStale(DateTimeOffset now, TimeSpan patience)
    {
        lock (_gate)
        {
            return _mode == StreamMode.Following && (_notTaken != _notTakenBeforeLoad || now - _staleSince > patience);
        }
    }

    /// <summary>Takes an event that was numbered by Redis.</summary>
    /// <returns>Whether it is waiting for others that are missing.</returns>
    public bool Take(NumberedEvent numbered, DateTimeOffset now, LiveDelivery delivery)
    {
        lock (_gate)
        {
            if (_mode != StreamMode.Following)
            {
                // What is being read just now may be from before it.
                _notTaken++;
                return false;
            }

            switch (stream.Take(numbered, delivery))
            {
                case Taken.Next:
                    HeardAt = now;
                    TakeEarly(delivery);
                    _staleSince = _early.Count > 0 ? _staleSince : null;
                    return false;
                case Taken.Early when _early.Count < MaxEarly:
                    _early.TryAdd(numbered.Cursor.Sequence, numbered);
                    _staleSince ??= now;
                    return true;
                case Taken.Early or Taken.Foreign:
                    _notTaken++;
                    return true;
                default:
                    return false;
            }
        }
    }

    /// <summary>Goes on with what Redis has, unless there is something to tell it first.</summary>
    /// <param name="known">What Redis has.</param>
    /// <param name="notTaken"><see cref="NotTaken"/> from before it was asked: what came since may not be in its answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="delivery">Hands out what is new.</param>
    public bool TryFollow(RedisStream known, int notTaken, DateTimeOffset now, LiveDelivery delivery)
    {
        lock (_gate)
        {
            if (_untold.Count > 0)
            {
                return false;
            }

            stream.Load(known.Cursor, known.Snapshot, known.Newest, delivery);
            (_mode, HeardAt, _notTakenBeforeLoad) = (StreamMode.Following, now, notTaken);
            TakeEarly(delivery);
            _staleSince = _early.Count > 0 ? now : null;
            return true;
        }
    }

    /// <summary>Goes on alone; watchers of the common stream come again.</summary>
    public void GoAlone(LiveDelivery delivery)
    {
        lock (_gate)
        {
            if (_mode == StreamMode.Following)
            {
                stream.Fork(delivery);
            }

            _mode = StreamMode.Alone;
            _early.Clear();
        }
    }

    /// <summary>Numbers an event here, if the stream goes on alone.</summary>
    /// <returns>False when it does not, or when it is retired.</returns>
    public bool TryPublishAlone(LiveEvent liveEvent, DateTimeOffset now, LiveDelivery delivery, out NumberedEvent? numbered)
    {
        numbered = null;
        lock (_gate)
        {
            if (_mode != StreamMode.Alone || !stream.TryPublish(liveEvent, now, delivery, out numbered))
            {
                return false;
            }

            if (numbered is not null)
            {
                _untold.AddLast(liveEvent);
                DropSurplus(delivery);
            }

            return true;
        }
    }

    /// <summary>The oldest event that the others have not been told, if there is one.</summary>
    public LiveEvent? FindUntold()
    {
        lock (_gate)
        {
            return _untold.First?.Value;
        }
    }

    /// <summary>They have been told.</summary>
    public void Told(LiveEvent liveEvent)
    {
        lock (_gate)
        {
            _untold.Remove(liveEvent);
        }
    }

    /// <summary>Ends it if nobody has used it since the moment, and nothing is left to tell.</summary>
    public bool TryRetire(DateTimeOffset idleBefore)
    {
        lock (_gate)
        {
            return _untold.Count == 0 && stream.TryRetire(idleBefore);
        }
    }

    /// <summary>Ends it if nobody has used it since the moment, for want of room: what it had to tell is lost.</summary>
    public bool TryDrop(DateTimeOffset idleBefore, LiveDelivery delivery)
    {
        lock (_gate)
        {
            if (!stream.TryRetire(idleBefore))
            {
                return false;
            }

            for (; _untold.Count > 0; _untold.RemoveFirst())
            {
                delivery.Refuse("untold");
            }

            return true;
        }
    }

    private void TakeEarly(LiveDelivery delivery)
    {
        while (_early.Count > 0)
        {
            var (sequence, next) = _early.First();
            if (stream.Take(next, delivery) is Taken.Early)
            {
                return;
            }

            _early.Remove(sequence);
        }
    }

    // A place has others after it; a status has not, and there are few.
    private void DropSurplus(LiveDelivery delivery)
    {
        if (_untold.Count > maxUntold && _untold.FirstOrDefault(untold => untold is not StatusEvent) is { } dropped)
        {
            _untold.Remove(dropped);
            delivery.Refuse("untold");
        }
    }
}

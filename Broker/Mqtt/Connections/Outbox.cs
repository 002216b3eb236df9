using System.Buffers;
using System.IO.Pipelines;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// What waits to be written to one connection. Anybody may add; one writer at a time takes all that is there, writes it
/// and flushes once. Bounded: when too much waits, a publish whose loss the client would not notice takes the place of
/// an older one on its topic, or is turned away.
/// </summary>
/// <param name="output">The connection's output.</param>
/// <param name="limit">Packets that may wait before publishes with quality 0 are turned away.</param>
/// <param name="time">Clock.</param>
internal sealed class Outbox(PipeWriter output, int limit, TimeProvider time) : IThreadPoolWorkItem
{
    private const int FlushBytes = 64 << 10;
    private const int CrowdedFrom = 16;
    private const int KeptPlaces = 64;

    private readonly Lock _gate = new();
    private Outgoing[] _ring = [];
    private long _head;
    private long _tail;
    private Dictionary<string, long>? _newest;
    private TaskCompletionSource? _hasRoom;
    private int _room;
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isCompleted;
    private long _flushStarted;

    /// <summary>How publishes are written; set before the first one is sent.</summary>
    public PublishWriter Publishes { get; set; } = new(isVersion5: false, uint.MaxValue, null);

    /// <summary>Packets that wait.</summary>
    public int Count => (int)(Volatile.Read(ref _tail) - Volatile.Read(ref _head));

    /// <summary>How long the client has taken nothing although something waits; zero when nothing does.</summary>
    public TimeSpan Unread
    {
        get
        {
            var started = Volatile.Read(ref _flushStarted);
            return started == 0 ? TimeSpan.Zero : time.GetElapsedTime(started);
        }
    }

    /// <summary>Adds a packet.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="room">Packets that may wait on top of the bound.</param>
    /// <returns>False when it is a publish with quality 0 and too much waits.</returns>
    public bool TryAdd(in Outgoing packet, int room)
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                return true;
            }

            if (packet.IsQuality0)
            {
                if (TryReplace(packet))
                {
                    return true;
                }

                // What follows retained messages has the room that was made for them until the client has caught up.
                _room = Count < limit ? room : Math.Max(_room, room);
                if (Count >= limit + _room)
                {
                    return false;
                }
            }

            Enqueue(packet);
            Start();
            return true;
        }
    }

    /// <summary>Adds the last packet, if any; nothing can be added any more.</summary>
    public void Complete(byte[]? last)
    {
        lock (_gate)
        {
            if (_isCompleted)
            {
                return;
            }

            if (last is not null)
            {
                Enqueue(Outgoing.Ready(last));
                Start();
            }

            _isCompleted = true;
            _hasRoom?.TrySetResult();
        }
    }

    /// <summary>Completes when what waits is less than the bound; for who asks for answers faster than it reads them.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            if (_isCompleted || Count < limit)
            {
                return Task.CompletedTask;
            }

            _hasRoom ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _hasRoom.Task;
        }
    }

    /// <summary>Completes when everything is written, or cannot be.</summary>
    public async Task WhenWrittenAsync()
    {
        while (true)
        {
            Task writing;
            lock (_gate)
            {
                writing = _writing;
                if (!_isWriting)
                {
                    return;
                }
            }

            await writing;
            await Task.Yield();
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => Volatile.Write(ref _writing, WriteAsync());

    // Called under the lock. A crowded outbox means that the client reads slowly: then only the newest counts.
    private bool TryReplace(in Outgoing packet)
    {
        var message = (Message)packet.Body!;
        if (Count < CrowdedFrom || !message.IsNewestWins)
        {
            // It stands behind what waits on its topic, whose place a newer one then must not take.
            if (_newest is { Count: > 0 })
            {
                _newest.Remove(message.Topic);
            }

            return false;
        }

        _newest ??= new Dictionary<string, long>(StringComparer.Ordinal);
        if (_newest.TryGetValue(message.Topic, out var place) && place >= _head)
        {
            _ring[place % _ring.Length] = packet;
            return true;
        }

        ForgetTaken();
        _newest[message.Topic] = _tail;
        return false;
    }

    // Who is never quite caught up would otherwise remember every topic it ever got.
    private void ForgetTaken()
    {
        if (_newest!.Count < 2 * _ring.Length)
        {
            return;
        }

        foreach (var (topic, place) in _newest)
        {
            if (place < _head)
            {
                _newest.Remove(topic);
            }
        }
    }

    private void Enqueue(in Outgoing packet)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[_tail % _ring.Length] = packet;
        Volatile.Write(ref _tail, _tail + 1);
    }

    private void Grow()
    {
        var larger = new Outgoing[Math.Max(4, _ring.Length * 2)];
        for (var i = _head; i < _tail; i++)
        {
            larger[i % larger.Length] = _ring[i % _ring.Length];
        }

        _ring = larger;
    }

    private void Start()
    {
        if (!_isWriting)
        {
            _isWriting = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (TryWriteSome())
            {
                Volatile.Write(ref _flushStarted, Math.Max(1, time.GetTimestamp()));
                var flushed = await output.FlushAsync();
                Volatile.Write(ref _flushStarted, 0);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    Abandon();
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection is gone.
            Abandon();
        }
    }

    // Writes what is there, up to a flush; false, and no longer writing, when nothing is.
    private bool TryWriteSome()
    {
        var written = 0L;
        var now = time.GetUtcNow();
        while (written < FlushBytes)
        {
            if (!TryTake(out var packet, isLast: written == 0))
            {
                return written > 0;
            }

            written += Write(packet, now);
        }

        return true;
    }

    private bool TryTake(out Outgoing packet, bool isLast)
    {
        lock (_gate)
        {
            if (_head == _tail)
            {
                packet = default;
                _newest = _newest is { Count: > KeptPlaces } ? null : _newest;
                _newest?.Clear();
                _isWriting = !isLast;
                _ring = isLast && _ring.Length > KeptPlaces ? [] : _ring;
                return false;
            }

            ref var place = ref _ring[_head % _ring.Length];
            packet = place;
            place = default;
            Volatile.Write(ref _head, _head + 1);
            if (_hasRoom is not null && Count < limit / 2)
            {
                _hasRoom.TrySetResult();
                _hasRoom = null;
            }

            return true;
        }
    }

    private int Write(in Outgoing packet, DateTimeOffset now)
    {
        switch (packet.Body)
        {
            case null:
                var span = output.GetSpan(4);
                (span[0], span[1], span[2], span[3]) =
                    (packet.Header, 2, (byte)(packet.PacketId >> 8), (byte)packet.PacketId);
                output.Advance(4);
                return 4;
            case byte[] ready:
                output.Write(ready);
                return ready.Length;
            default:
                var message = (Message)packet.Body;
                if (packet.IsQuality0 && message.IsExpired(now))
                {
                    return 0;
                }

                Publishes.Write(output, message, packet, now);
                return message.Payload.Length + message.TopicBytes.Length;
        }
    }

    private void Abandon()
    {
        lock (_gate)
        {
            (_isCompleted, _isWriting) = (true, false);
            (_ring, _head, _tail) = ([], 0, 0);
            _hasRoom?.TrySetResult();
        }
    }
}

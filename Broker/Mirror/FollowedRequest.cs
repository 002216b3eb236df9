using ArtMqtt.Live;

namespace ArtMqtt.Broker.Mirror;

/// <summary>One request that is followed: hands its events to the mirror, after what was missed before.</summary>
internal sealed class FollowedRequest(ILiveListener mirror, Action reset) : ILiveListener, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<NumberedEvent> _early = [];
    private ILiveSubscription? _subscription;
    private Cursor? _cursor;
    private volatile bool _isReset;

    /// <summary>Whether its subscription has ended, and it has to come again.</summary>
    public bool IsReset => _isReset;

    /// <inheritdoc/>
    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        lock (_gate)
        {
            if (_subscription is null)
            {
                _early.Add(numbered);
            }
            else
            {
                Tell(requestId, numbered);
            }
        }
    }

    /// <inheritdoc/>
    public void OnReset(Guid requestId)
    {
        _isReset = true;
        reset();
    }

    /// <summary>Leaves its subscription, to come again; returns where it stands.</summary>
    public Cursor? Leave()
    {
        ILiveSubscription? left;
        Cursor? cursor;
        lock (_gate)
        {
            (left, _subscription, _isReset, cursor) = (_subscription, null, false, _cursor);
        }

        // Not under the lock: the stream's own is held when events come here.
        left?.Dispose();
        return cursor;
    }

    /// <summary>Goes on with a subscription.</summary>
    public void Enter(Guid requestId, ILiveSubscription subscription, IEnumerable<NumberedEvent> missed)
    {
        lock (_gate)
        {
            foreach (var numbered in missed)
            {
                Tell(requestId, numbered);
            }

            (_subscription, _cursor) = (subscription, subscription.Cursor);
            _early.ForEach(numbered => Tell(requestId, numbered));
            _early.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Leave();

    private void Tell(Guid requestId, NumberedEvent numbered)
    {
        _cursor = numbered.Cursor;
        mirror.OnEvent(requestId, numbered);
    }
}

using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// Passes on what the holder of a share may see. The status that ends the phase is the last of it; behind it, or when the
/// share ends otherwise, comes <c>share:ended</c>, and then nothing.
/// </summary>
internal sealed class ShareListener(OpenShare open, ILiveListener inner) : ILiveListener, IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<NumberedEvent> _early = [];
    private Guid _requestId;
    private Cursor _last;
    private RequestStatus? _status;
    private bool _isStarted;
    private bool _isEnded;

    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        lock (_gate)
        {
            if (_isStarted)
            {
                Pass(numbered);
            }
            else
            {
                _early.Add(numbered);
            }
        }
    }

    public void OnReset(Guid requestId) => inner.OnReset(requestId);

    /// <summary>Begins with the state that the subscription began with.</summary>
    public void Start(Guid requestId, Cursor cursor, RequestStatus? status)
    {
        lock (_gate)
        {
            (_requestId, _last, _status, _isStarted) = (requestId, cursor, status, true);
            EndIfOver();
            _early.ForEach(Pass);
            _early.Clear();
        }

        open.WhenEnded(End);
    }

    public void Dispose()
    {
        open.Forget(End);
        lock (_gate)
        {
            _isEnded = true;
        }
    }

    private void Pass(NumberedEvent numbered)
    {
        if (_isEnded)
        {
            return;
        }

        _last = numbered.Cursor;
        _status = numbered.Event is StatusEvent change ? change.Status : _status;
        if (ShareSight.Of(open.Share, _status, numbered) is { } visible)
        {
            inner.OnEvent(_requestId, visible);
        }

        EndIfOver();
    }

    private void EndIfOver()
    {
        if (!_isEnded && _status is { } status && open.Share.Phase.StandingAt(status) == PhaseStanding.Over)
        {
            Tell(ShareEnd.Over);
            open.End(ShareEnd.Over);
        }
    }

    private void End(ShareEnd end)
    {
        lock (_gate)
        {
            if (!_isEnded)
            {
                Tell(end);
            }
        }
    }

    // Its number is one that nobody will see another event under: nothing follows.
    private void Tell(ShareEnd end)
    {
        _isEnded = true;
        inner.OnEvent(
            _requestId, new NumberedEvent(new Cursor(_last.Epoch, _last.Sequence + 1), new ShareEndedEvent(end.Code())));
    }
}

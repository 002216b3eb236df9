using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>
/// One request watched by one connection: the newest place of each role, the newest presence and ETA, and the status
/// events that wait. Its state is guarded by the lock of its <see cref="Outbox"/>.
/// </summary>
internal sealed class Watch(Guid requestId, Outbox outbox) : ILiveListener
{
    private readonly Queue<NumberedEvent> _statuses = new();
    private bool _isEnded;
    private NumberedEvent? _operator;
    private NumberedEvent? _customer;
    private NumberedEvent? _presence;
    private NumberedEvent? _eta;

    public Guid RequestId => requestId;

    /// <summary>Set once, right after the subscription began.</summary>
    public ILiveSubscription? Subscription { get; set; }

    /// <summary>Status as far as it was sent; decides which places may follow.</summary>
    public RequestStatus? Status { get; set; }

    /// <summary>Whether the reply to the join is out, so that events may follow.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether the watch ended; nothing more is kept or sent.</summary>
    public bool IsEnded
    {
        get => Volatile.Read(ref _isEnded);
        set => Volatile.Write(ref _isEnded, value);
    }

    /// <summary>Whether the watch stands in the outbox's line already.</summary>
    public bool IsQueued { get; set; }

    public bool HasPending =>
        _operator is not null || _customer is not null || _presence is not null || _eta is not null || _statuses.Count > 0;

    public int PendingStatuses => _statuses.Count;

    public void OnEvent(Guid requestId, NumberedEvent numbered) => outbox.Offer(this, numbered);

    public void OnReset(Guid requestId) => outbox.Reset();

    /// <summary>Keeps an event; a place replaces the one that still waits.</summary>
    /// <returns>Whether it replaced one.</returns>
    public bool Keep(NumberedEvent numbered)
    {
        switch (numbered.Event)
        {
            case LocationEvent { Role: PositionRole.Customer }:
                (_customer, var oldCustomer) = (numbered, _customer);
                return oldCustomer is not null;
            case LocationEvent:
                (_operator, var oldOperator) = (numbered, _operator);
                return oldOperator is not null;
            case PresenceEvent:
                (_presence, var oldPresence) = (numbered, _presence);
                return oldPresence is not null;
            case EtaEvent:
                (_eta, var oldEta) = (numbered, _eta);
                return oldEta is not null;
            case StatusEvent status:
                _statuses.Enqueue(numbered);
                DropPlacesWhenOver(status.Status);
                return false;
            case ShareEndedEvent:
                _statuses.Enqueue(numbered);
                _operator = _customer = _presence = null;
                return false;
            default:
                return false;
        }
    }

    /// <summary>Moves what waits and may be seen to the list, in the order of the stream.</summary>
    public void TakePending(List<NumberedEvent> pending)
    {
        pending.AddRange(_statuses);
        _statuses.Clear();
        if (_operator is not null)
        {
            pending.Add(_operator);
        }

        if (_customer is not null)
        {
            pending.Add(_customer);
        }

        if (_presence is not null)
        {
            pending.Add(_presence);
        }

        if (_eta is not null)
        {
            pending.Add(_eta);
        }

        _operator = _customer = _presence = _eta = null;
        pending.Sort(static (a, b) => a.Cursor.Sequence.CompareTo(b.Cursor.Sequence));
        pending.RemoveAll(IsHidden);
    }

    private bool IsHidden(NumberedEvent numbered)
    {
        if (numbered.Event is StatusEvent status)
        {
            Status = status.Status;
        }

        return !LiveVisibility.Shows(Status, numbered.Event);
    }

    // Nothing is shown after the end, not even what was on its way.
    private void DropPlacesWhenOver(RequestStatus status)
    {
        if (status.IsFinal())
        {
            _operator = _customer = _presence = _eta = null;
        }
    }
}

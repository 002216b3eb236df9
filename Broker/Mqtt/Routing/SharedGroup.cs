using ArtMqtt.Broker.Mqtt.Sessions;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>The members of a shared subscription; each message goes to one of them, in turn. Not thread-safe.</summary>
internal sealed class SharedGroup
{
    private readonly List<Subscription> _members = [];
    private int _next;

    /// <summary>Whether nobody is left.</summary>
    public bool IsEmpty => _members.Count == 0;

    /// <summary>Adds a member, or replaces its options.</summary>
    public void Set(Subscription subscription)
    {
        Remove(subscription.Session);
        _members.Add(subscription);
    }

    /// <summary>Removes a member; false when it was none.</summary>
    public bool Remove(Session session) => _members.RemoveAll(m => ReferenceEquals(m.Session, session)) > 0;

    /// <summary>Whose turn it is: the next one that is connected, else the next one.</summary>
    public Subscription Next()
    {
        for (var i = 0; i < _members.Count; i++)
        {
            var candidate = _members[(_next + i) % _members.Count];
            if (candidate.Session.IsConnected)
            {
                _next = (_next + i + 1) % _members.Count;
                return candidate;
            }
        }

        var absent = _members[_next % _members.Count];
        _next = (_next + 1) % _members.Count;
        return absent;
    }
}

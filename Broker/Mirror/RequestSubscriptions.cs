using ArtMqtt.Contracts;

namespace ArtMqtt.Broker.Mirror;

/// <summary>
/// Counts who is subscribed below which request, so that nothing is sent through the server for requests that nobody
/// watches over MQTT.
/// </summary>
internal sealed class RequestSubscriptions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _perRequest = [];
    private int _others;

    /// <summary>Counts a subscription.</summary>
    public void Add(string filter) => Change(filter, 1);

    /// <summary>Takes back <see cref="Add"/>.</summary>
    public void Remove(string filter) => Change(filter, -1);

    /// <summary>Whether a filter may match topics of the request.</summary>
    public bool Any(Guid requestId)
    {
        lock (_gate)
        {
            return _others > 0 || _perRequest.ContainsKey(requestId);
        }
    }

    private void Change(string filter, int by)
    {
        if (Topics.TryParseDevice(filter, out _, out _))
        {
            return;
        }

        lock (_gate)
        {
            if (!Topics.TryParseRequest(filter, out var requestId, out _))
            {
                _others += by;
            }
            else if (_perRequest.GetValueOrDefault(requestId) + by is var count and > 0)
            {
                _perRequest[requestId] = count;
            }
            else
            {
                _perRequest.Remove(requestId);
            }
        }
    }
}

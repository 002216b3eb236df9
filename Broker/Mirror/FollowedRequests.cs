using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Mirror;

/// <summary>
/// Where several nodes share the live streams: watches those of the requests that MQTT clients of this node have subscribed to,
/// so that they see what is published elsewhere too. Nobody's wildcard makes a node hear everything.
/// </summary>
internal sealed class FollowedRequests(ILiveStreams streams, TopicIndex index, ServerTopics topics, ILiveListener mirror)
{
    private readonly ConcurrentDictionary<Guid, FollowedRequest> _followed = new();
    private readonly ConcurrentDictionary<Guid, bool> _changed = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether a request's events come through its stream.</summary>
    public bool Contains(Guid requestId) => _followed.ContainsKey(requestId);

    /// <summary>Follows what is asked for, until the token ends it.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        index.Changed += Look;
        try
        {
            foreach (var level in index.Below(Topics.RequestLevels.AsSpan()))
            {
                Look($"{string.Join('/', Topics.RequestLevels)}/{level}/");
            }

            while (await _signal.Reader.WaitToReadAsync(stoppingToken) && _signal.Reader.TryRead(out _))
            {
                foreach (var requestId in _changed.Keys)
                {
                    _changed.TryRemove(requestId, out _);
                    await UpdateAsync(requestId, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
        finally
        {
            index.Changed -= Look;
            foreach (var followed in _followed.Values)
            {
                followed.Dispose();
            }
        }
    }

    private void Look(string filter)
    {
        if (Topics.TryParseRequest(filter, out var requestId, out _))
        {
            Look(requestId);
        }
    }

    private void Look(Guid requestId)
    {
        _changed[requestId] = true;
        _signal.Writer.TryWrite(true);
    }

    private async Task UpdateAsync(Guid requestId, CancellationToken stoppingToken)
    {
        var isWanted = index.Has([.. Topics.RequestLevels, requestId.ToString()]);
        if (!isWanted)
        {
            if (_followed.TryRemove(requestId, out var left))
            {
                left.Dispose();
            }
        }
        else if (!_followed.TryGetValue(requestId, out var followed))
        {
            // From here on nothing comes the other way.
            followed = _followed[requestId] = new FollowedRequest(mirror, () => Look(requestId));
            await JoinAsync(requestId, followed, stoppingToken);
        }
        else if (followed.IsReset)
        {
            await JoinAsync(requestId, followed, stoppingToken);
        }
    }

    private async Task JoinAsync(Guid requestId, FollowedRequest followed, CancellationToken stoppingToken)
    {
        var since = followed.Leave();
        var subscription = await streams.SubscribeAsync(requestId, since, followed, stoppingToken);
        followed.Enter(requestId, subscription, MissedOf(requestId, subscription));
    }

    // Who was given the retained status does not need it again.
    private IEnumerable<NumberedEvent> MissedOf(Guid requestId, ILiveSubscription subscription)
    {
        if (subscription.IsRecovered)
        {
            return subscription.Missed;
        }

        var snapshot = subscription.Snapshot;
        LiveEvent?[] newest = [IsRetained(requestId, snapshot.Status) ? null : snapshot.Status, snapshot.Operator, snapshot.Customer, snapshot.Eta];
        return newest.OfType<LiveEvent>().Select(shown => new NumberedEvent(subscription.Cursor, shown));
    }

    private bool IsRetained(Guid requestId, StatusEvent? status)
    {
        try
        {
            return status is not null && topics.FindState(Topics.RequestStatus(requestId)) is { } json
                && JsonSerializer.Deserialize<StatusEvent>(json.Span, JsonSerializerOptions.Web)?.Status == status.Status;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

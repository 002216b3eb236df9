using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Storage;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>
/// Brings messages to the sessions that are subscribed to their topic, and keeps retained ones. Whether a session may
/// still see a topic is asked for every message.
/// </summary>
internal sealed class MessageRouter(
    TopicIndex index, RetainedMessages retained, TopicPolicy policy, SessionStore store, BrokerMetrics metrics,
    TimeProvider time)
{
    [ThreadStatic]
    private static List<Subscription>? _matches;

    /// <summary>Sends a message to its subscribers.</summary>
    /// <param name="message">What.</param>
    /// <param name="publisher">Session of the publisher, or null when it is us.</param>
    public RouteResult Publish(Message message, Session? publisher)
    {
        if (!message.IsRetained)
        {
            return Deliver(message, publisher);
        }

        lock (retained.Gate)
        {
            if (!retained.TrySet(message))
            {
                metrics.RetainedRefused();
                return Deliver(message, publisher);
            }

            store.MarkRetained(message.Topic);
            return Deliver(message, publisher) with { IsKept = true };
        }
    }

    /// <summary>Forgets the retained message of a topic; subscribers are not told.</summary>
    public void Forget(string topic)
    {
        lock (retained.Gate)
        {
            retained.TrySet(new Message { Topic = topic, Payload = default });
            store.MarkRetained(topic);
        }
    }

    /// <summary>Whether anybody is subscribed to a topic.</summary>
    public bool HasSubscribers(string topic) => index.IsMatched(topic);

    /// <summary>The retained message of a topic, or null.</summary>
    public Message? FindRetained(string topic)
    {
        lock (retained.Gate)
        {
            return retained.Find(topic);
        }
    }

    /// <summary>The topics that match a filter and have a retained message.</summary>
    public IReadOnlyList<string> FindRetainedTopics(string filter)
    {
        lock (retained.Gate)
        {
            return [.. retained.Match(filter).Select(message => message.Topic)];
        }
    }

    /// <summary>Sends a new subscription the retained messages it asks for.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="isNew">Whether its filter was not subscribed to before.</param>
    public void SendRetained(Subscription subscription, bool isNew)
    {
        var (session, request) = (subscription.Session, subscription.Request);
        if (subscription.Shared.Group is not null || request.RetainHandling == 2 || (request.RetainHandling == 1 && !isNew))
        {
            return;
        }

        List<Message> found;
        lock (retained.Gate)
        {
            found = retained.Match(request.Filter);
        }

        foreach (var topic in found.Select(message => message.Topic))
        {
            lock (retained.Gate)
            {
                // Again: a newer one may have been delivered meanwhile, and must not be followed by an older one.
                if (retained.Find(topic) is { } newest && !newest.IsExpired(time.GetUtcNow())
                    && policy.MayReceive(session.Identity, topic, newest.Tenant))
                {
                    var quality = Math.Min(newest.Quality, request.Quality);
                    session.Deliver(new Delivery(newest, quality, true, subscription.Identifiers, retained.Count));
                }
            }
        }
    }

    private RouteResult Deliver(Message message, Session? publisher)
    {
        var matches = Match(message.Topic, out var filters);
        var result = new RouteResult(matches.Count, IsKept: false);
        if (filters > 1 && matches.Count > 1)
        {
            DeliverOverlapping(message, publisher, matches, ref result);
        }
        else
        {
            foreach (var subscription in matches)
            {
                Deliver(message, publisher, MergedSubscription.Of(subscription), ref result);
            }
        }

        matches.Clear();
        return result;
    }

    private void DeliverOverlapping(
        Message message, Session? publisher, List<Subscription> matches, ref RouteResult result)
    {
        foreach (var merged in MergedSubscription.Of(matches, publisher))
        {
            Deliver(message, publisher, merged, ref result);
        }
    }

    private void Deliver(Message message, Session? publisher, in MergedSubscription to, ref RouteResult result)
    {
        if (to.IsNoLocal && ReferenceEquals(to.Session, publisher))
        {
            return;
        }

        if (!policy.MayReceive(to.Session.Identity, message.Topic, message.Tenant))
        {
            metrics.DeliveryDenied();
            return;
        }

        var delivered = to.Session.Deliver(new Delivery(
            message, Math.Min(message.Quality, to.Quality), to.IsRetainAsPublished && message.IsRetained,
            to.Identifiers));
        if (delivered == DeliveryResult.Dropped)
        {
            metrics.DeliveryDropped();
        }

        result = delivered == DeliveryResult.Kept ? result with { IsKept = true } : result;
    }

    private List<Subscription> Match(string topic, out int filters)
    {
        var matches = _matches ??= [];
        filters = index.Match(topic, matches);
        return matches;
    }
}

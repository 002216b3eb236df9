using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>What becomes of the filters of a SUBSCRIBE.</summary>
/// <param name="Codes">A reason code for each filter, in their order.</param>
/// <param name="Granted">The subscriptions, and whether each is new.</param>
internal sealed record SubscribeAnswers(byte[] Codes, List<(Subscription Subscription, bool IsNew)> Granted)
{
    /// <summary>Decides filter by filter, and subscribes the session to those it may have.</summary>
    public static SubscribeAnswers To(SubscribePacket packet, BrokerParts parts, Session session, bool isVersion5)
    {
        var answers = new SubscribeAnswers(new byte[packet.Filters.Count], []);
        for (var i = 0; i < packet.Filters.Count; i++)
        {
            var subscription = new Subscription(session, packet.Filters[i], packet.SubscriptionIdentifier);
            // One filter a thousand times over would be one subscription, but a thousand times all retained messages.
            var code = i < parts.Options.MaxSubscriptionsPerClient
                ? answers.Decide(subscription, parts)
                : ReasonCode.QuotaExceeded;
            if (code >= ReasonCode.UnspecifiedError)
            {
                parts.Denials.Subscribe(session.Identity, subscription.Request.Filter);
                // MQTT 3.1.1 has one code for all failures.
                code = isVersion5 ? code : ReasonCode.UnspecifiedError;
            }

            answers.Codes[i] = (byte)code;
        }

        return answers;
    }

    private ReasonCode Decide(Subscription subscription, BrokerParts parts)
    {
        var filter = subscription.Shared;
        var session = subscription.Session;
        if (!filter.IsValid(parts.Options.MaxTopicLevels)
            || subscription.Request.Filter.Length > parts.Options.MaxTopicLength)
        {
            return ReasonCode.TopicFilterInvalid;
        }

        if (!parts.Policy.MaySubscribe(session.Identity, filter.Filter))
        {
            // Foreign suites know the one code that every version has.
            return session.Identity.Kind == ClientKind.Anyone ? ReasonCode.UnspecifiedError : ReasonCode.NotAuthorized;
        }

        if (!session.TrySubscribe(subscription, parts.Index, out var isNew))
        {
            return ReasonCode.QuotaExceeded;
        }

        Granted.Add((subscription, isNew));
        return (ReasonCode)subscription.Request.Quality;
    }
}

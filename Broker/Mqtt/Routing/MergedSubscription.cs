using ArtMqtt.Broker.Mqtt.Sessions;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>
/// All subscriptions of one session that match a topic: it gets the message once, with the highest quality and all
/// identifiers (MQTT 5, section 3.3.4). Shared subscriptions stay apart.
/// </summary>
/// <param name="Session">Who gets it.</param>
/// <param name="Quality">Highest quality of service.</param>
/// <param name="IsRetainAsPublished">Whether one of them keeps the retain flag.</param>
/// <param name="IsNoLocal">Whether the session does not get what it publishes itself.</param>
/// <param name="Identifiers">Subscription identifiers, or null.</param>
internal readonly record struct MergedSubscription(
    Session Session, byte Quality, bool IsRetainAsPublished, bool IsNoLocal, uint[]? Identifiers)
{
    /// <summary>One subscription by itself.</summary>
    public static MergedSubscription Of(Subscription one) => new(
        one.Session, one.Request.Quality, one.Request.IsRetainAsPublished, one.Request.IsNoLocal,
        one.Identifiers);

    /// <summary>Merges subscriptions that match the same topic.</summary>
    /// <param name="all">The subscriptions.</param>
    /// <param name="publisher">Session of the publisher; its subscriptions without its own messages do not count.</param>
    public static IEnumerable<MergedSubscription> Of(List<Subscription> all, Session? publisher)
    {
        var merged = new Dictionary<Session, MergedSubscription>(all.Count);
        foreach (var one in all.Where(s => !(s.Request.IsNoLocal && ReferenceEquals(s.Session, publisher))))
        {
            if (one.Shared.Group is not null)
            {
                yield return Of(one);
            }
            else
            {
                merged[one.Session] = merged.TryGetValue(one.Session, out var before) ? before.With(Of(one)) : Of(one);
            }
        }

        foreach (var one in merged.Values)
        {
            yield return one;
        }
    }

    private MergedSubscription With(MergedSubscription other) => this with
    {
        Quality = Math.Max(Quality, other.Quality),
        IsRetainAsPublished = IsRetainAsPublished || other.IsRetainAsPublished,
        Identifiers = Identifiers is null ? other.Identifiers
            : other.Identifiers is null ? Identifiers : [.. Identifiers, .. other.Identifiers],
    };
}

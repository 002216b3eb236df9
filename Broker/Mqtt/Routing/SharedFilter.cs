using ArtMqtt.Broker.Auth;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>A topic filter, taken apart from the group that shares it (MQTT 5, section 4.8.2).</summary>
/// <param name="Group">Name of the group, or null when it is not shared.</param>
/// <param name="Filter">What topics are compared with.</param>
internal readonly record struct SharedFilter(string? Group, string Filter)
{
    private const string Prefix = "$share/";

    /// <summary>Takes a filter apart; of a shared one without group or filter nothing is left.</summary>
    public static SharedFilter Parse(string filter)
    {
        if (!filter.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new SharedFilter(null, filter);
        }

        var rest = filter.AsSpan(Prefix.Length);
        var end = rest.IndexOf('/');
        return end > 0 && !rest[..end].ContainsAny('+', '#')
            ? new SharedFilter(rest[..end].ToString(), rest[(end + 1)..].ToString())
            : new SharedFilter("", "");
    }

    /// <summary>Whether it may be subscribed to at all.</summary>
    /// <param name="maxLevels">Most levels.</param>
    public bool IsValid(int maxLevels) => TopicNames.IsFilter(Filter) && TopicNames.CountLevels(Filter) <= maxLevels;
}

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>
/// Finds the subscriptions a topic matches by walking its levels: the work depends on the levels and on the matches, not
/// on how many sessions or subscriptions there are.
/// </summary>
internal sealed class TopicIndex
{
    private readonly Lock _gate = new();
    private readonly TopicNode _root = new();

    /// <summary>A filter has got a subscription, or lost one. On the thread of who changed it, after the change.</summary>
    public event Action<string>? Changed;

    /// <summary>Whether anybody has a filter that begins with these levels.</summary>
    public bool Has(ReadOnlySpan<string> levels)
    {
        lock (_gate)
        {
            return Find(levels) is not null;
        }
    }

    /// <summary>The levels that come after these in the filters there are.</summary>
    public IReadOnlyList<string> Below(ReadOnlySpan<string> levels)
    {
        lock (_gate)
        {
            return Find(levels)?.Children is { } children ? [.. children.Keys] : [];
        }
    }

    /// <summary>Adds a subscription, or replaces the options of the same session's same filter.</summary>
    public void Set(Subscription subscription)
    {
        lock (_gate)
        {
            var node = _root;
            foreach (var level in subscription.Shared.Filter.Split('/'))
            {
                node = node.Child(level);
            }

            node.Set(subscription);
        }

        Changed?.Invoke(subscription.Shared.Filter);
    }

    /// <summary>Removes a subscription.</summary>
    public void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            Remove(_root, subscription.Shared.Filter.Split('/'), subscription);
        }

        Changed?.Invoke(subscription.Shared.Filter);
    }

    /// <summary>Whether a topic matches any subscription; of shared ones, nobody's turn is taken.</summary>
    public bool IsMatched(string topic)
    {
        lock (_gate)
        {
            return Match(_root, topic, into: null, isWildcardAllowed: topic[0] != '$') > 0;
        }
    }

    /// <summary>Collects the subscriptions a topic matches; of shared ones, one for each group.</summary>
    /// <param name="topic">A topic without wildcards.</param>
    /// <param name="into">Gets the matches.</param>
    /// <returns>How many filters matched; with one, no session is among the matches twice.</returns>
    public int Match(string topic, List<Subscription> into)
    {
        lock (_gate)
        {
            // Wildcards at the beginning do not match what the server keeps for itself (MQTT 5, section 4.7.2).
            return Match(_root, topic, into, isWildcardAllowed: topic[0] != '$');
        }
    }

    private TopicNode? Find(ReadOnlySpan<string> levels)
    {
        var node = _root;
        foreach (var level in levels)
        {
            if (node.Children is not { } children || !children.TryGetValue(level, out node))
            {
                return null;
            }
        }

        return node;
    }

    private static int Match(TopicNode node, ReadOnlySpan<char> rest, List<Subscription>? into, bool isWildcardAllowed)
    {
        if (node.Children is not { } children)
        {
            return 0;
        }

        var filters = 0;
        var end = rest.IndexOf('/');
        var level = end < 0 ? rest : rest[..end];
        if (isWildcardAllowed && children.TryGetValue("#", out var all))
        {
            filters += all.Collect(into);
        }

        if (isWildcardAllowed && children.TryGetValue("+", out var any))
        {
            filters += Descend(any, rest, end, into);
        }

        if (children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(level, out var named))
        {
            filters += Descend(named, rest, end, into);
        }

        return filters;
    }

    private static int Descend(TopicNode node, ReadOnlySpan<char> rest, int end, List<Subscription>? into)
    {
        if (end >= 0)
        {
            return Match(node, rest[(end + 1)..], into, isWildcardAllowed: true);
        }

        // "sport/#" also matches "sport" itself.
        return node.Collect(into)
            + (node.Children is { } children && children.TryGetValue("#", out var all) ? all.Collect(into) : 0);
    }

    private static void Remove(TopicNode node, ReadOnlySpan<string> levels, Subscription subscription)
    {
        if (levels.IsEmpty)
        {
            node.Remove(subscription);
            return;
        }

        if (node.Children is { } children && children.TryGetValue(levels[0], out var child))
        {
            Remove(child, levels[1..], subscription);
            if (child.IsEmpty)
            {
                node.Prune(levels[0]);
            }
        }
    }
}

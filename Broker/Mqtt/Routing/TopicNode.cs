using ArtMqtt.Broker.Mqtt.Sessions;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>One level of <see cref="TopicIndex"/>. Not thread-safe.</summary>
internal sealed class TopicNode
{
    /// <summary>The levels below, by name; <c>+</c> and <c>#</c> among them.</summary>
    public Dictionary<string, TopicNode>? Children { get; private set; }

    /// <summary>Whose filter ends here.</summary>
    public Dictionary<Session, Subscription>? Subscriptions { get; private set; }

    /// <summary>Shared subscriptions whose filter ends here, by group.</summary>
    public Dictionary<string, SharedGroup>? Groups { get; private set; }

    /// <summary>Whether nothing is left of it.</summary>
    public bool IsEmpty => Children is null && Subscriptions is null && Groups is null;

    /// <summary>The level of that name, made if needed.</summary>
    public TopicNode Child(string level)
    {
        Children ??= new Dictionary<string, TopicNode>(StringComparer.Ordinal);
        if (!Children.TryGetValue(level, out var child))
        {
            Children[level] = child = new TopicNode();
        }

        return child;
    }

    /// <summary>Removes a level that is empty.</summary>
    public void Prune(string level)
    {
        Children!.Remove(level);
        Children = Children.Count == 0 ? null : Children;
    }

    /// <summary>Adds a subscription, or replaces the options of the same one.</summary>
    public void Set(Subscription subscription)
    {
        if (subscription.Group is not { } name)
        {
            (Subscriptions ??= [])[subscription.Session] = subscription;
            return;
        }

        Groups ??= new Dictionary<string, SharedGroup>(StringComparer.Ordinal);
        if (!Groups.TryGetValue(name, out var group))
        {
            Groups[name] = group = new SharedGroup();
        }

        group.Set(subscription);
    }

    /// <summary>Removes a subscription.</summary>
    public void Remove(Subscription subscription)
    {
        if (subscription.Group is not { } name)
        {
            Subscriptions?.Remove(subscription.Session);
            Subscriptions = Subscriptions is { Count: > 0 } ? Subscriptions : null;
            return;
        }

        if (Groups is not null && Groups.TryGetValue(name, out var group) && group.Remove(subscription.Session)
            && group.IsEmpty)
        {
            Groups.Remove(name);
            Groups = Groups.Count == 0 ? null : Groups;
        }
    }

    /// <summary>Adds who is to receive a message that matches the filter that ends here.</summary>
    /// <param name="into">Gets them; null to count only.</param>
    /// <returns>How many filters that were, a shared one counted apart.</returns>
    public int Collect(List<Subscription>? into)
    {
        var filters = 0;
        if (Subscriptions is not null)
        {
            into?.AddRange(Subscriptions.Values);
            filters++;
        }

        if (Groups is not null)
        {
            foreach (var group in Groups.Values)
            {
                into?.Add(group.Next());
                filters++;
            }
        }

        return filters;
    }
}

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>The newest retained message of each topic; found by filter without looking at the others. Bounded.</summary>
/// <param name="capacity">Most messages.</param>
internal sealed class RetainedMessages(int capacity)
{
    private readonly RetainedNode _root = new();
    private int _count;

    /// <summary>
    /// Held while a retained message is replaced and delivered, and while one is read for a new subscriber: so nobody
    /// gets an older one after a newer one.
    /// </summary>
    public Lock Gate { get; } = new();

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Keeps a message, or removes the topic's when its payload is empty. Call it under <see cref="Gate"/>.</summary>
    /// <returns>False when there is no room for another topic.</returns>
    public bool TrySet(Message message)
    {
        var levels = message.Topic.Split('/');
        var kept = message.Payload.IsEmpty ? null : message;
        if (kept is not null && _count >= capacity && Find(message.Topic) is null)
        {
            return false;
        }

        var before = _root.Set(levels, kept);
        _count += (kept is null ? 0 : 1) - (before is null ? 0 : 1);
        return true;
    }

    /// <summary>The message of a topic, or null. Call it under <see cref="Gate"/>.</summary>
    public Message? Find(string topic)
    {
        var node = _root;
        foreach (var level in topic.Split('/'))
        {
            if (node.Children?.GetValueOrDefault(level) is not { } child)
            {
                return null;
            }

            node = child;
        }

        return node.Message;
    }

    /// <summary>The messages of topics that match a filter. Call it under <see cref="Gate"/>.</summary>
    public List<Message> Match(string filter)
    {
        var found = new List<Message>();
        _root.Match(filter.Split('/'), found, isRoot: true);
        return found;
    }
}

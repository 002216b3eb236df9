namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>One level of <see cref="RetainedMessages"/>. Not thread-safe.</summary>
internal sealed class RetainedNode
{
    /// <summary>The levels below, by name.</summary>
    public Dictionary<string, RetainedNode>? Children { get; private set; }

    /// <summary>The retained message of the topic that ends here.</summary>
    public Message? Message { get; private set; }

    /// <summary>Sets or, with null, removes the message of a topic; empty levels go.</summary>
    /// <returns>What was there before.</returns>
    public Message? Set(ReadOnlySpan<string> levels, Message? message)
    {
        if (levels.IsEmpty)
        {
            var before = Message;
            Message = message;
            return before;
        }

        Children ??= new Dictionary<string, RetainedNode>(StringComparer.Ordinal);
        if (!Children.TryGetValue(levels[0], out var child))
        {
            child = new RetainedNode();
            Children[levels[0]] = child;
        }

        var replaced = child.Set(levels[1..], message);
        if (child is { Message: null, Children: null })
        {
            Children.Remove(levels[0]);
            Children = Children.Count == 0 ? null : Children;
        }

        return replaced;
    }

    /// <summary>Collects the messages of topics that match a filter.</summary>
    /// <param name="levels">The filter's levels.</param>
    /// <param name="into">Gets the messages.</param>
    /// <param name="isRoot">At the first level wildcards do not match names that begin with <c>$</c>.</param>
    public void Match(ReadOnlySpan<string> levels, List<Message> into, bool isRoot)
    {
        if (levels.IsEmpty || levels[0] == "#")
        {
            AddOwn(into);
        }

        if (levels.IsEmpty || Children is null)
        {
            return;
        }

        if (levels[0] is not ("+" or "#"))
        {
            Children.GetValueOrDefault(levels[0])?.Match(levels[1..], into, isRoot: false);
            return;
        }

        var rest = levels[0] == "#" ? levels : levels[1..];
        foreach (var (name, child) in Children)
        {
            if (!isRoot || !name.StartsWith('$'))
            {
                child.Match(rest, into, isRoot: false);
            }
        }
    }

    private void AddOwn(List<Message> into)
    {
        if (Message is not null)
        {
            into.Add(Message);
        }
    }
}

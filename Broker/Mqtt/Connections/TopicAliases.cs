namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>The short numbers an MQTT 5 client uses for its topics on one connection.</summary>
internal sealed class TopicAliases
{
    /// <summary>Highest alias we accept; announced in CONNACK.</summary>
    public const ushort Maximum = 16;

    private string?[]? _topics;

    /// <summary>Finds the topic of a publish, and remembers the alias when it names both.</summary>
    /// <param name="topic">As received; empty when only the alias was sent.</param>
    /// <param name="alias">As received; 0 for none.</param>
    /// <param name="resolved">The topic.</param>
    /// <returns>False when the alias is too high or was never named.</returns>
    public bool TryResolve(string? topic, ushort alias, out string resolved)
    {
        resolved = topic ?? "";
        if (alias == 0)
        {
            return true;
        }

        if (alias > Maximum)
        {
            return false;
        }

        _topics ??= new string?[Maximum + 1];
        if (resolved.Length > 0)
        {
            _topics[alias] = resolved;
            return true;
        }

        resolved = _topics[alias] ?? "";
        return resolved.Length > 0;
    }
}

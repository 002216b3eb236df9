namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// Short numbers for the topics one client receives (MQTT 5, section 3.3.2.3.4): the first topics of a connection get
/// one, as many as the client allows and we keep. Not thread-safe.
/// </summary>
/// <param name="maximum">Highest alias, above 0.</param>
internal sealed class OutgoingAliases(ushort maximum)
{
    private readonly Dictionary<string, ushort> _aliases = new(StringComparer.Ordinal);

    /// <summary>The alias a topic has or would get; 0 when all are taken.</summary>
    public ushort Find(string topic) =>
        _aliases.TryGetValue(topic, out var alias) ? alias
        : _aliases.Count < maximum ? (ushort)(_aliases.Count + 1) : (ushort)0;

    /// <summary>Whether the client has to be told which topic the alias stands for; from now on it knows.</summary>
    public bool IsToBeNamed(string topic, ushort alias) => _aliases.TryAdd(topic, alias);
}

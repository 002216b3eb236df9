using System.Text.Json.Serialization;

namespace ArtMqtt.Live.Nodes;

/// <summary>How a node is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeCondition>))]
public enum NodeCondition
{
    /// <summary>It serves.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>It serves, and something waits; its checks say what.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    /// <summary>It cannot serve; its checks say why.</summary>
    [JsonStringEnumMemberName("unready")]
    Unready,

    /// <summary>It is stopping.</summary>
    [JsonStringEnumMemberName("draining")]
    Draining,

    /// <summary>It said nothing for a while, and no goodbye.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>Redis is away: nobody here knows.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

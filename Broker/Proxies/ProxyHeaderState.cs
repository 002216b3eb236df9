namespace ArtMqtt.Broker.Proxies;

/// <summary>What the beginning of a connection is, as far as it came.</summary>
internal enum ProxyHeaderState
{
    /// <summary>More is needed.</summary>
    Incomplete,

    /// <summary>A header.</summary>
    Complete,

    /// <summary>No header, or one that breaks the protocol.</summary>
    Invalid,
}

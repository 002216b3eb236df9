using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ArtMqtt.Broker.Proxies;

/// <summary>Balancers in front of the MQTT ports that say where a connection comes from, with the PROXY protocol.</summary>
public sealed class ProxyProtocolOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:ProxyProtocol";

    /// <summary>
    /// Networks of balancers (<c>10.0.0.5/32</c>) that begin each connection with a header of the PROXY protocol, version 1 or 2:
    /// without one it is refused. The header of nobody else is believed. Default none.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; set; } = [];

    /// <summary>How long a header may take. 1 s to 1 min; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal static bool AreNetworks(ProxyProtocolOptions options) => options.TrustedProxies.All(p => IPNetwork.TryParse(p, out _));
}

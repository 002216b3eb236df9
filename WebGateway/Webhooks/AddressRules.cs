using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>
/// Which addresses may be called: those of the public Internet, and the networks that the settings allow. An endpoint must
/// not make the gateway a way into the network it stands in.
/// </summary>
internal sealed class AddressRules(IOptions<WebhookOptions> options)
{
    // IANA's special-purpose registries (what is not globally reachable), and 168.63.129.16, Azure's metadata.
    private static readonly IPNetwork[] _special4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // Only this is given to hosts; without protocol assignments, Teredo, documentation and 6to4.
    private static readonly IPNetwork _global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] _special6 =
        [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    // An IPv4 address behind a translator (RFC 6052).
    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed = [.. options.Value.AllowedNetworks.Select(IPNetwork.Parse)];

    /// <summary>Whether the address may be called.</summary>
    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : _translated.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12))
            : address;
        return Array.Exists(_allowed, network => network.Contains(plain)) || IsPublic(plain);
    }

    private static bool IsPublic(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork
        ? !Array.Exists(_special4, network => network.Contains(address))
        : address.ScopeId == 0 && _global6.Contains(address)
            && !Array.Exists(_special6, network => network.Contains(address));
}

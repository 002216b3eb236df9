using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>The address of who opened a link, as the audit keeps it. No I/O.</summary>
internal static class VisitorAddress
{
    private const int PrefixOfIPv4 = 24;
    private const int PrefixOfIPv6 = 48;

    /// <summary>The network an address is in, for example <c>192.0.2.0/24</c>; the address itself when it is wanted whole.</summary>
    public static string Of(IPAddress? address, bool isWhole)
    {
        if (address is null)
        {
            return "";
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (isWhole)
        {
            return address.ToString();
        }

        var prefix = address.AddressFamily == AddressFamily.InterNetworkV6 ? PrefixOfIPv6 : PrefixOfIPv4;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(prefix / 8).Clear();
        return new IPNetwork(new IPAddress(bytes), prefix).ToString();
    }
}

using System.Net;
using System.Net.Sockets;

namespace ArtMqtt.WebGateway.Security;

/// <summary>The address of a caller, as limits count it.</summary>
internal static class CallerAddress
{
    /// <summary>The IPv4 address; of IPv6 the first 64 bits, for who has one address there has them all.</summary>
    public static string Of(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}

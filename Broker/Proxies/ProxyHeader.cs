using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ArtMqtt.Broker.Proxies;

/// <summary>
/// The header of the PROXY protocol (haproxy.org/download/3.0/doc/proxy-protocol.txt): a line of text in version 1, bytes in
/// version 2.
/// </summary>
internal static class ProxyHeader
{
    /// <summary>The longest header that is read: addresses, and what some balancers add about themselves. Longer ones are no header.</summary>
    public const int MaxBytes = 4096;

    // "PROXY UNKNOWN" with two IPv6 addresses and ports; section 2.1.
    private const int MaxLineBytes = 107;
    private const int FixedBytes = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    /// <summary>Reads one from the beginning of what came.</summary>
    /// <param name="came">All that came until now.</param>
    /// <param name="source">Where the connection comes from; null when the balancer does not say, as of its own health checks.</param>
    /// <param name="length">Bytes of the header, when it is whole.</param>
    public static ProxyHeaderState Read(ReadOnlySequence<byte> came, out IPEndPoint? source, out int length)
    {
        (source, length) = (null, 0);
        Span<byte> buffer = stackalloc byte[MaxBytes];
        var bytes = buffer[..(int)Math.Min(came.Length, MaxBytes)];
        came.Slice(0, bytes.Length).CopyTo(bytes);
        if (bytes.IsEmpty)
        {
            return ProxyHeaderState.Incomplete;
        }

        return bytes[0] == Signature[0] ? ReadBytes(bytes, out source, out length) : ReadLine(bytes, out source, out length);
    }

    private static ProxyHeaderState ReadBytes(ReadOnlySpan<byte> bytes, out IPEndPoint? source, out int length)
    {
        (source, length) = (null, 0);
        var known = Math.Min(bytes.Length, Signature.Length);
        if (!bytes[..known].SequenceEqual(Signature[..known]))
        {
            return ProxyHeaderState.Invalid;
        }

        if (bytes.Length < FixedBytes)
        {
            return ProxyHeaderState.Incomplete;
        }

        length = FixedBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        var (version, command) = (bytes[12] >> 4, bytes[12] & 0xF);
        if (version != 2 || command > 1 || length > MaxBytes)
        {
            return ProxyHeaderState.Invalid;
        }

        if (bytes.Length < length)
        {
            return ProxyHeaderState.Incomplete;
        }

        // Of a connection of the balancer's own (LOCAL), and of what is no TCP over IP, it says nothing that counts.
        var said = bytes[FixedBytes..length];
        var size = (command, bytes[13]) switch { (1, 0x11) => 4, (1, 0x21) => 16, _ => 0 };
        if (size == 0)
        {
            return ProxyHeaderState.Complete;
        }

        if (said.Length < (2 * size) + 4)
        {
            return ProxyHeaderState.Invalid;
        }

        source = new IPEndPoint(new IPAddress(said[..size]), BinaryPrimitives.ReadUInt16BigEndian(said[(2 * size)..]));
        return ProxyHeaderState.Complete;
    }

    private static ProxyHeaderState ReadLine(ReadOnlySpan<byte> bytes, out IPEndPoint? source, out int length)
    {
        (source, length) = (null, 0);
        var known = Math.Min(bytes.Length, LineStart.Length);
        if (!bytes[..known].SequenceEqual(LineStart[..known]))
        {
            return ProxyHeaderState.Invalid;
        }

        var end = bytes[..Math.Min(bytes.Length, MaxLineBytes)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length < MaxLineBytes ? ProxyHeaderState.Incomplete : ProxyHeaderState.Invalid;
        }

        length = end + 2;
        var words = Encoding.ASCII.GetString(bytes[..end]).Split(' ');
        if (words is [_, "UNKNOWN", ..])
        {
            return ProxyHeaderState.Complete;
        }

        if (words is [_, "TCP4" or "TCP6", var from, var to, var fromPort, var toPort]
            && TryRead(words[1], from, fromPort, out source) && TryRead(words[1], to, toPort, out _))
        {
            return ProxyHeaderState.Complete;
        }

        source = null;
        return ProxyHeaderState.Invalid;
    }

    private static bool TryRead(string family, string address, string port, out IPEndPoint? endPoint)
    {
        endPoint = null;
        // Not what else passes for an IPv4 address: "1" and "0x7f.1" do.
        if (!IPAddress.TryParse(address, out var ip) || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (family == "TCP4" ? ip.AddressFamily != AddressFamily.InterNetwork || ip.ToString() != address
                : ip.AddressFamily != AddressFamily.InterNetworkV6))
        {
            return false;
        }

        endPoint = new IPEndPoint(ip, number);
        return true;
    }
}

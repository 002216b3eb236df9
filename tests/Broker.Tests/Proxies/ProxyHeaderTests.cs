using System.Buffers;
using System.Net;
using System.Text;
using ArtMqtt.Broker.Proxies;

namespace ArtMqtt.Broker.Tests.Proxies;

/// <summary>Headers as the specification of the PROXY protocol has them.</summary>
public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324 1883", "192.0.2.7:56324")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535", "255.255.255.255:65535")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 56324 1883", "[2001:db8::7]:56324")]
    [InlineData("PROXY TCP6 ffff:f:f:f:f:f:f:ffff ffff:f:f:f:f:f:f:ffff 65535 65535", "[ffff:f:f:f:f:f:f:ffff]:65535")]
    [InlineData("PROXY UNKNOWN", null)]
    [InlineData("PROXY UNKNOWN ffff:f:f:f:f:f:f:ffff ffff:f:f:f:f:f:f:ffff 65535 65535", null)]
    public void A_line_says_where_from(string line, string? source) => Reads(Encoding.ASCII.GetBytes($"{line}\r\n"), source);

    [Theory]
    [InlineData("2111000C" + "C0000207" + "C6336401" + "DC04" + "075B", "192.0.2.7:56324")]
    [InlineData("21210024" + "20010DB8000000000000000000000007" + "20010DB8000000000000000000000001" + "DC04" + "075B", "[2001:db8::7]:56324")]
    // With what it says of itself behind the addresses: a name, nothing.
    [InlineData("21110015" + "C0000207" + "C6336401" + "DC04" + "075B" + "020003616263" + "040000", "192.0.2.7:56324")]
    // A check of its own; one whose addresses are told all the same; not told, a socket of the machine, UDP.
    [InlineData("20000000", null)]
    [InlineData("2011000C" + "C0000207" + "C6336401" + "DC04" + "075B", null)]
    [InlineData("21000000", null)]
    [InlineData("21310002" + "0000", null)]
    [InlineData("2112000C" + "C0000207" + "C6336401" + "DC04" + "075B", null)]
    public void Bytes_say_where_from(string hex, string? source) => Reads(Convert.FromHexString(Signature + hex), source);

    [Theory]
    [InlineData("PROXY TCP4 1 198.51.100.1 56324 1883\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 2001:db8::1 56324 1883\r\n")]
    [InlineData("PROXY TCP6 192.0.2.7 198.51.100.1 56324 1883\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 65536 1883\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 -1 1883\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n")]
    [InlineData("PROXY TCP4 192.0.2.7  198.51.100.1 56324 1883\r\n")]
    [InlineData("PROXY TCP5 192.0.2.7 198.51.100.1 56324 1883\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("\u0010\u000c\0\u0004MQTT")]
    [InlineData("\r\n\r\n\r\n")]
    public void Anything_else_is_none(string text) =>
        Assert.Equal(ProxyHeaderState.Invalid, ProxyHeader.Read(new(Encoding.ASCII.GetBytes(text)), out _, out _));

    [Theory]
    [InlineData("1111000C" + "C0000207" + "C6336401" + "DC04" + "075B")] // version 1
    [InlineData("2211000C" + "C0000207" + "C6336401" + "DC04" + "075B")] // no such command
    [InlineData("21110008" + "C0000207" + "C6336401")] // too short for its addresses
    [InlineData("2111FFFF")] // too long to be read
    public void Bytes_that_break_the_protocol_are_none(string hex) =>
        Assert.Equal(ProxyHeaderState.Invalid, ProxyHeader.Read(new(Convert.FromHexString(Signature + hex)), out _, out _));

    // However it is cut, and whatever follows it.
    private static void Reads(byte[] header, string? source)
    {
        for (var cut = 0; cut < header.Length; cut++)
        {
            Assert.Equal(ProxyHeaderState.Incomplete, ProxyHeader.Read(new(header, 0, cut), out _, out _));
        }

        byte[] all = [.. header, 0x10, 0x0D];
        for (var cut = 0; cut <= all.Length; cut++)
        {
            var state = ProxyHeader.Read(InTwo(all, cut), out var from, out var length);
            Assert.Equal(
                (ProxyHeaderState.Complete, source is null ? null : IPEndPoint.Parse(source), header.Length), (state, from, length));
        }
    }

    private static ReadOnlySequence<byte> InTwo(byte[] bytes, int cut)
    {
        var first = new Segment(bytes.AsMemory(0, cut), 0, null);
        var last = new Segment(bytes.AsMemory(cut), cut, first);
        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index, Segment? before)
        {
            (Memory, RunningIndex) = (memory, index);
            before?.Next = this;
        }
    }
}

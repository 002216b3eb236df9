using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>Packets that break the protocol, each with the reason; sent by a client that is connected.</summary>
internal static class MalformedPackets
{
    private static readonly byte[] _topic = [0, 1, (byte)'t'];

    /// <summary>Those of a version.</summary>
    public static IEnumerable<(string What, byte[] Bytes)> Of(Level level) =>
        [.. Everywhere(level), .. level == Level.V5 ? OnlyIn5() : OnlyIn311()];

    private static IEnumerable<(string What, byte[] Bytes)> Everywhere(Level level)
    {
        byte[] none = level == Level.V5 ? [0] : [];
        yield return ("reserved type 0", [0x00, 0x00]);
        yield return ("remaining length of five bytes", [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]);
        foreach (var type in new byte[] { 0x20, 0x90, 0xB0, 0xD0 })
        {
            yield return ($"packet 0x{type:X2}, which only a server sends", RawMqtt.Packet(type, [0, 1, .. none, 0]));
        }

        foreach (var flags in new[] { 1, 2, 4, 8 })
        {
            yield return ($"PINGREQ with flags {flags}", [(byte)(0xC0 | flags), 0]);
            yield return ($"DISCONNECT with flags {flags}", [(byte)(0xE0 | flags), 0]);
            yield return ($"PUBACK with flags {flags}", [(byte)(0x40 | flags), 2, 0, 1]);
            yield return ($"PUBREC with flags {flags}", [(byte)(0x50 | flags), 2, 0, 1]);
            yield return ($"PUBCOMP with flags {flags}", [(byte)(0x70 | flags), 2, 0, 1]);
        }

        foreach (var flags in new[] { 0, 1, 3, 6, 10 })
        {
            yield return ($"PUBREL with flags {flags}", [(byte)(0x60 | flags), 2, 0, 1]);
            yield return ($"SUBSCRIBE with flags {flags}", RawMqtt.Packet((byte)(0x80 | flags), [0, 1, .. none, .. _topic, 0]));
            yield return ($"UNSUBSCRIBE with flags {flags}", RawMqtt.Packet((byte)(0xA0 | flags), [0, 1, .. none, .. _topic]));
        }

        foreach (var type in new byte[] { 0x40, 0x50, 0x62, 0x70 })
        {
            yield return ($"0x{type:X2} without id", [type, 0]);
            yield return ($"0x{type:X2} with half an id", [type, 1, 0]);
        }

        yield return ("PINGREQ with a body", [0xC0, 1, 0]);
        yield return ("PUBLISH with QoS 3", RawMqtt.Packet(0x36, [.. _topic, 0, 1, .. none]));
        yield return ("PUBLISH with QoS 1 and id 0", RawMqtt.Packet(0x32, [.. _topic, 0, 0, .. none]));
        yield return ("PUBLISH with QoS 2 and id 0", RawMqtt.Packet(0x34, [.. _topic, 0, 0, .. none]));
        yield return ("PUBLISH with QoS 0 and DUP", RawMqtt.Packet(0x38, [.. _topic, .. none]));
        yield return ("PUBLISH without topic", [0x30, 0]);
        yield return ("PUBLISH whose topic is longer than the packet", [0x30, 3, 0, 5, (byte)'t']);
        yield return ("PUBLISH with QoS 1 that ends before its id", RawMqtt.Packet(0x32, _topic));
        yield return ("SUBSCRIBE without filters", RawMqtt.Packet(0x82, [0, 1, .. none]));
        yield return ("SUBSCRIBE with id 0", RawMqtt.Packet(0x82, [0, 0, .. none, .. _topic, 0]));
        yield return ("SUBSCRIBE without options", RawMqtt.Packet(0x82, [0, 1, .. none, .. _topic]));
        yield return ("SUBSCRIBE with QoS 3", RawMqtt.Packet(0x82, [0, 1, .. none, .. _topic, 3]));
        yield return ("SUBSCRIBE with reserved option bits", RawMqtt.Packet(0x82, [0, 1, .. none, .. _topic, 0xC0]));
        yield return ("SUBSCRIBE whose filter is longer than the packet", RawMqtt.Packet(0x82, [0, 1, .. none, 0, 9, (byte)'t', 0]));
        yield return ("UNSUBSCRIBE without filters", RawMqtt.Packet(0xA2, [0, 1, .. none]));
        yield return ("UNSUBSCRIBE with id 0", RawMqtt.Packet(0xA2, [0, 0, .. none, .. _topic]));
        yield return ("UNSUBSCRIBE whose filter is longer than the packet", RawMqtt.Packet(0xA2, [0, 1, .. none, 0, 9, (byte)'t']));
    }

    private static IEnumerable<(string What, byte[] Bytes)> OnlyIn311()
    {
        yield return ("AUTH", [0xF0, 0]);
        yield return ("DISCONNECT with a body", [0xE0, 1, 0]);
        yield return ("PUBACK with a body too long", [0x40, 3, 0, 1, 0]);
        yield return ("PUBREL with a body too long", [0x62, 3, 0, 1, 0]);
        yield return ("SUBSCRIBE with options of 5.0", RawMqtt.Packet(0x82, [0, 1, .. _topic, 0x04]));
    }

    private static IEnumerable<(string What, byte[] Bytes)> OnlyIn5()
    {
        yield return ("PUBLISH without properties", RawMqtt.Packet(0x30, _topic));
        yield return ("PUBLISH whose properties are longer than the packet", RawMqtt.Packet(0x30, [.. _topic, 9, 1]));
        yield return ("PUBLISH with a property that is cut", RawMqtt.Packet(0x30, [.. _topic, 1, 0x01]));
        yield return ("PUBLISH with an unknown property", RawMqtt.Packet(0x30, [.. _topic, 2, 0x7E, 0]));
        yield return ("PUBLISH with a subscription id", RawMqtt.Packet(0x30, [.. _topic, 2, 0x0B, 1]));
        yield return ("PUBLISH with a session expiry", RawMqtt.Packet(0x30, [.. _topic, 5, 0x11, 0, 0, 0, 1]));
        yield return ("PUBLISH with a payload format of 2", RawMqtt.Packet(0x30, [.. _topic, 2, 0x01, 2]));
        yield return ("PUBLISH with two payload formats", RawMqtt.Packet(0x30, [.. _topic, 4, 0x01, 0, 0x01, 0]));
        yield return ("PUBLISH with two expiries", RawMqtt.Packet(0x30, [.. _topic, 10, 2, 0, 0, 0, 9, 2, 0, 0, 0, 9]));
        yield return ("PUBLISH with two content types", RawMqtt.Packet(0x30, [.. _topic, 8, 3, 0, 1, 97, 3, 0, 1, 97]));
        yield return ("PUBLISH with two response topics", RawMqtt.Packet(0x30, [.. _topic, 8, 8, 0, 1, 97, 8, 0, 1, 97]));
        yield return ("PUBLISH with a wildcard in the response topic", RawMqtt.Packet(0x30, [.. _topic, 4, 8, 0, 1, (byte)'#']));
        yield return ("PUBLISH with two correlation data", RawMqtt.Packet(0x30, [.. _topic, 8, 9, 0, 1, 97, 9, 0, 1, 97]));
        yield return ("PUBLISH with two aliases", RawMqtt.Packet(0x30, [.. _topic, 6, 0x23, 0, 1, 0x23, 0, 1]));
        yield return ("SUBSCRIBE with a subscription id of 0", RawMqtt.Packet(0x82, [0, 1, 2, 0x0B, 0, .. _topic, 0]));
        yield return ("SUBSCRIBE with two subscription ids", RawMqtt.Packet(0x82, [0, 1, 4, 0x0B, 1, 0x0B, 2, .. _topic, 0]));
        yield return ("SUBSCRIBE with a foreign property", RawMqtt.Packet(0x82, [0, 1, 2, 0x01, 1, .. _topic, 0]));
        yield return ("SUBSCRIBE with retain handling 3", RawMqtt.Packet(0x82, [0, 1, 0, .. _topic, 0x30]));
        yield return ("UNSUBSCRIBE with a foreign property", RawMqtt.Packet(0xA2, [0, 1, 2, 0x0B, 1, .. _topic]));
        yield return ("PUBACK with an unknown reason", [0x40, 3, 0, 1, 0x7F]);
        yield return ("PUBREC with an unknown reason", [0x50, 3, 0, 1, 0x01]);
        yield return ("PUBREL with an unknown reason", [0x62, 3, 0, 1, 0x10]);
        yield return ("PUBACK whose properties are longer than the packet", [0x40, 4, 0, 1, 0, 9]);
        yield return ("PUBACK with a foreign property", [0x40, 6, 0, 1, 0, 2, 0x01, 1]);
        yield return ("PUBREL with two reason strings", [0x62, 12, 0, 1, 0, 8, 0x1F, 0, 1, 97, 0x1F, 0, 1, 97]);
        yield return ("DISCONNECT with an unknown reason", [0xE0, 1, 0x01]);
        yield return ("DISCONNECT with a foreign property", [0xE0, 4, 0, 2, 0x01, 1]);
        yield return ("DISCONNECT with two session expiries", [0xE0, 12, 0, 10, 0x11, 0, 0, 0, 0, 0x11, 0, 0, 0, 0]);
        yield return ("AUTH with flags", [0xF1, 0]);
        yield return ("AUTH with an unknown reason", [0xF0, 2, 0x01, 0]);
    }
}

using ArtMqtt.Load.Mqtt;

namespace ArtMqtt.Load.Tests;

public sealed class PacketReaderTests
{
    [Fact]
    public void Finds_whole_packets_and_leaves_the_beginning_of_the_next()
    {
        byte[] received = [0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0];
        var reader = new PacketReader(received);

        Assert.True(reader.TryRead(out var first, out var body));
        Assert.Equal(0x40, first);
        Assert.Equal([0, 1], body.ToArray());
        Assert.True(reader.TryRead(out _, out body));
        Assert.Equal([0, 2], body.ToArray());
        Assert.False(reader.TryRead(out _, out _));
        Assert.Equal([0x40, 2, 0], reader.Rest.ToArray());
    }

    [Fact]
    public void Waits_for_the_rest_of_a_length()
    {
        var reader = new PacketReader([0x30, 0x80]);

        Assert.False(reader.TryRead(out _, out _));
        Assert.Equal(2, reader.Rest.Length);
    }

    [Fact]
    public void Refuses_a_length_of_more_than_four_bytes() => Assert.Throws<InvalidDataException>(() =>
    {
        var reader = new PacketReader([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]);
        reader.TryRead(out _, out _);
    });

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Reads_back_what_is_encoded(byte level)
    {
        var payload = new byte[300];
        payload.AsSpan().Fill(7);
        var template = MqttPackets.Publish((MqttVersion)level, "a/b", payload, "text/plain");
        var reader = new PacketReader(template.Packet);

        Assert.True(reader.TryRead(out var first, out var body));
        Assert.Equal(0x32, first);
        Assert.Equal("\0\u0003a/b"u8.ToArray(), body[..5].ToArray());
        Assert.Equal(payload, body[^300..].ToArray());
        Assert.Equal(7, template.Packet[template.PayloadAt]);
        Assert.Equal(template.Packet.Length - body.Length + 5, template.PacketIdAt);
        Assert.True(reader.Rest.IsEmpty);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0 }, 0, 65_535)]
    [InlineData(new byte[] { 0, 0x87, 0 }, 0x87, 65_535)]
    [InlineData(new byte[] { 0, 0, 8, 0x27, 0, 1, 0, 0, 0x21, 0, 10 }, 0, 10)]
    public void Reads_the_receive_maximum_of_a_server(byte[] body, byte reason, int maximum)
    {
        var answer = ConnAckPacket.Parse(body);

        Assert.Equal(reason, answer.ReasonCode);
        Assert.Equal(maximum, answer.ReceiveMaximum);
    }
}

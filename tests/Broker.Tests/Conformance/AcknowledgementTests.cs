using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>Acknowledgements that say more than yes, or that nobody asked for.</summary>
public sealed class AcknowledgementTests(ConformanceBroker broker)
{
    [Fact]
    public async Task PUBACK_and_PUBREC_may_tell_that_nobody_listens()
    {
        using var client = await broker.ConnectAsync(Level.V5);

        var one = await client.PublishAsync(Names.Topic(), "nobody", 1);
        await client.SendAsync(new PublishFields(Names.Topic(), "nobody") { QoS = 2, PacketId = 77 });
        var two = await client.ReadAsync(PacketType.PubRec);

        Assert.Contains(one!.Code, new[] { Reason.Success, Reason.NoMatchingSubscribers });
        Assert.Contains(two.Code, new[] { Reason.Success, Reason.NoMatchingSubscribers });
        await client.SendAsync(Packets.Acknowledge(PacketType.PubRel, 77));
        await client.ReadAsync(PacketType.PubComp);
    }

    [Fact]
    public async Task PUBACK_is_plain_when_somebody_listens()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var client = await broker.ConnectAsync(Level.V5);

        Assert.Equal(Reason.Success, (await client.PublishAsync(topic, "somebody", 1))!.Code);
    }

    [Fact]
    public async Task An_unknown_PUBREL_is_answered_so()
    {
        using var client = await broker.ConnectAsync(Level.V5);

        await client.SendAsync(Packets.Acknowledge(PacketType.PubRel, 4_711));

        var answer = await client.ReadAsync(PacketType.PubComp);
        Assert.Equal((4_711, Reason.IdNotFound), (answer.PacketId, answer.Code));
    }

    [Fact]
    public async Task An_unknown_PUBREL_of_3_1_1_is_answered_too()
    {
        using var client = await broker.ConnectAsync(Level.V311);

        await client.SendAsync(Packets.Acknowledge(PacketType.PubRel, 4_711));

        Assert.Equal(4_711, (await client.ReadAsync(PacketType.PubComp)).PacketId);
    }

    [Fact]
    public async Task An_unknown_PUBREC_is_answered_so()
    {
        using var client = await broker.ConnectAsync(Level.V5);

        await client.SendAsync(Packets.Acknowledge(PacketType.PubRec, 4_711));

        var answer = await client.ReadAsync(PacketType.PubRel);
        Assert.Equal((4_711, Reason.IdNotFound), (answer.PacketId, answer.Code));
    }

    [Theory]
    [InlineData(Level.V311, PacketType.PubAck)]
    [InlineData(Level.V311, PacketType.PubComp)]
    [InlineData(Level.V5, PacketType.PubAck)]
    [InlineData(Level.V5, PacketType.PubComp)]
    public async Task An_unknown_acknowledgement_harms_nobody_else(Level level, PacketType type)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using var client = await broker.ConnectAsync(level);

        await client.SendAsync(Packets.Acknowledge(type, 4_711));

        // Whether it is ignored or ends the connection is the broker's choice.
        await witness.PublishAsync(topic, "alive", 1);
        Assert.Equal("alive", (await witness.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_repeated_PUBREL_is_answered_again(Level level)
    {
        using var client = await broker.ConnectAsync(level);
        await client.PublishAsync(new PublishFields(Names.Topic(), "twice") { QoS = 2, PacketId = 5 });

        await client.SendAsync(Packets.Acknowledge(PacketType.PubRel, 5));

        Assert.Equal(5, (await client.ReadAsync(PacketType.PubComp)).PacketId);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x18)]
    [InlineData(0x19)]
    public async Task AUTH_that_nobody_asked_for_ends_the_connection(byte reason)
    {
        using var client = await broker.ConnectAsync(Level.V5);

        await client.SendAsync(Packets.Auth(reason, new Property(PropertyId.AuthenticationMethod, "none")));

        await client.ReadBrokenAsync();
    }

    [Fact]
    public async Task An_authentication_method_is_refused()
    {
        using var client = await broker.OpenAsync(Level.V5);

        var answer = await client.ConnectAsync(
            new ConnectFields { Properties = [new Property(PropertyId.AuthenticationMethod, "SCRAM-SHA-1")] });

        Assert.Equal(Reason.BadAuthenticationMethod, answer.Code);
    }

    [Fact]
    public async Task Acknowledgements_with_every_length_are_understood()
    {
        var topic = Names.Topic();
        using var client = await broker.SubscribeAsync(Level.V5, topic, 1);
        foreach (var tail in new byte[][] { [], [0x00], [0x10], [0x00, 0x00], [0x00, 0x04, 0x1F, 0x00, 0x01, 0x61] })
        {
            await client.PublishAsync(topic, "message", 1);
            var message = await client.ReadAsync(PacketType.Publish);
            await client.SendAsync(RawMqtt.Packet(0x40, new ByteWriter().Short(message.PacketId).Raw(tail).ToArray()));
        }

        await client.PingAsync();
    }
}

using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>What the broker sends again when a client comes back to its session.</summary>
public sealed class RedeliveryTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData(Level.V311, 1)]
    [InlineData(Level.V311, 2)]
    [InlineData(Level.V5, 1)]
    [InlineData(Level.V5, 2)]
    public async Task Sends_an_unacknowledged_message_again_with_its_id_and_DUP(Level level, int qos)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var first = await ConnectAsync(level, id);
        await first.SubscribeAsync(topic, (byte)qos);
        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic, "unacknowledged", qos);
        var sent = await first.ReadAsync(PacketType.Publish);
        first.Dispose();

        using var second = await ConnectAsync(level, id);
        var again = await second.ReceiveAsync();

        Assert.True(second.ConnAck.IsSessionPresent);
        Assert.False(sent.IsDuplicate);
        Assert.True(again.IsDuplicate);
        Assert.Equal((sent.PacketId, "unacknowledged", qos), (again.PacketId, again.Payload, again.QoS));
        await publisher.PublishAsync(topic, "end", qos);
        Assert.Empty(await second.ReceiveUntilAsync("end"));
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Sends_PUBREL_again_and_not_the_message(Level level)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var first = await ConnectAsync(level, id);
        await first.SubscribeAsync(topic, 2);
        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic, "half", 2);
        var message = await first.ReadAsync(PacketType.Publish);
        await first.SendAsync(Packets.Acknowledge(PacketType.PubRec, message.PacketId));
        await first.ReadAsync(PacketType.PubRel);
        first.Dispose();

        using var second = await ConnectAsync(level, id);
        var release = await second.ReadAsync(PacketType.PubRel);
        await second.SendAsync(Packets.Acknowledge(PacketType.PubComp, release.PacketId));
        await publisher.PublishAsync(topic, "end", 2);

        Assert.Equal(message.PacketId, release.PacketId);
        Assert.Equal("end", (await second.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Sends_several_again_in_their_order_before_anything_new(Level level)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var first = await ConnectAsync(level, id);
        await first.SubscribeAsync(topic, 1);
        using var publisher = await broker.ConnectAsync(level);
        for (var i = 0; i < 5; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", 1);
            await first.ReadAsync(PacketType.Publish);
        }

        first.Dispose();
        await publisher.PublishAsync(topic, "5", 1);
        using var second = await ConnectAsync(level, id);

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal($"{i}", (await second.ReceiveAsync()).Payload);
        }
    }

    [Theory]
    [InlineData(Level.V311, 1)]
    [InlineData(Level.V5, 2)]
    public async Task Does_not_send_again_while_the_connection_lasts(Level level, int qos)
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(level, topic, (byte)qos);
        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic, "once", qos);
        await subscriber.ReadAsync(PacketType.Publish);

        await Pass.SecondsAsync(1.5);
        await publisher.PublishAsync(topic, "end");

        Assert.Equal("end", (await subscriber.ReadAsync(PacketType.Publish)).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_publisher_can_finish_a_QoS_2_message_on_a_new_connection(Level level)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var subscriber = await broker.SubscribeAsync(level, topic, 2);
        using (var first = await ConnectAsync(level, id))
        {
            await first.SendAsync(new PublishFields(topic, "once") { QoS = 2, PacketId = 4 });
            await first.ReadAsync(PacketType.PubRec);
        }

        using var second = await ConnectAsync(level, id);
        await second.SendAsync(new PublishFields(topic, "once") { QoS = 2, PacketId = 4, IsDuplicate = true });
        await second.ReadAsync(PacketType.PubRec);
        await second.SendAsync(Packets.Acknowledge(PacketType.PubRel, 4));
        await second.ReadAsync(PacketType.PubComp);
        await second.PublishAsync(topic, "end", 2);

        Assert.Single(await subscriber.ReceiveUntilAsync("end"));
    }

    [Fact]
    public async Task A_message_refused_with_a_reason_is_not_sent_again()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var first = await ConnectAsync(Level.V5, id);
        await first.SubscribeAsync(topic, 2);
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(topic, "refused", 2);
        var message = await first.ReadAsync(PacketType.Publish);
        await first.SendAsync(Packets.Acknowledge(PacketType.PubRec, message.PacketId, 0x83));
        await first.PingAsync();
        first.Dispose();

        using var second = await ConnectAsync(Level.V5, id);
        await publisher.PublishAsync(topic, "end", 2);

        Assert.Empty(await second.ReceiveUntilAsync("end"));
    }

    private Task<WireClient> ConnectAsync(Level level, string id) => broker.ConnectAsync(
        level, new ConnectFields { ClientId = id, IsClean = false, Properties = [Property.SessionExpiry(60)] });
}

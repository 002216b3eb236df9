using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class DeliveryTests(ConformanceBroker broker)
{
    /// <summary>Publisher's and subscriber's version, QoS published, QoS granted.</summary>
    public static TheoryData<Level, Level, int, int> Ways { get; } = [.. new MatrixTheoryData<Level, Level, int, int>(
        [Level.V311, Level.V5], [Level.V311, Level.V5], [0, 1, 2], [0, 1, 2]).Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Delivers_once_with_the_lower_QoS(Level from, Level to, int published, int granted)
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(to, topic, (byte)granted);
        using var publisher = await broker.ConnectAsync(from);

        await publisher.PublishAsync(topic, "message", published);

        var message = await subscriber.ReceiveAsync();
        Assert.Equal((topic, "message"), (message.Topic, message.Payload));
        Assert.Equal(Math.Min(published, granted), message.QoS);
        Assert.False(message.IsDuplicate || message.IsRetained);
        await publisher.PublishAsync(topic, "end", published);
        Assert.Empty(await subscriber.ReceiveUntilAsync("end"));
    }

    [Theory]
    [InlineData(Level.V311, 0)]
    [InlineData(Level.V311, 1)]
    [InlineData(Level.V311, 2)]
    [InlineData(Level.V5, 0)]
    [InlineData(Level.V5, 1)]
    [InlineData(Level.V5, 2)]
    public async Task Keeps_the_order_of_a_publisher(Level level, int qos)
    {
        const int Count = 100;
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(level, topic, (byte)qos);
        using var publisher = await broker.ConnectAsync(level);

        for (var i = 0; i < Count; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos);
        }

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal($"{i}", (await subscriber.ReceiveAsync()).Payload);
        }
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Acknowledges_pipelined_publishes_in_order(Level level)
    {
        const int Count = 15;
        using var publisher = await broker.ConnectAsync(level);
        var topic = Names.Topic();

        var all = Enumerable.Range(1, Count).SelectMany(i => Packets.Publish(
            level, new PublishFields(topic, $"{i}") { QoS = 1, PacketId = (ushort)(i * 7) }));
        await publisher.SendAsync([.. all]);

        for (var i = 1; i <= Count; i++)
        {
            Assert.Equal(i * 7, (await publisher.ReadAsync(PacketType.PubAck)).PacketId);
        }
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_QoS_2_message_that_is_sent_again_is_delivered_once(Level level)
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(level, topic, 2);
        using var publisher = await broker.ConnectAsync(level);
        var publish = new PublishFields(topic, "once") { QoS = 2, PacketId = 9 };

        await publisher.SendAsync(publish);
        await publisher.ReadAsync(PacketType.PubRec);
        await publisher.SendAsync(publish with { IsDuplicate = true });
        await publisher.ReadAsync(PacketType.PubRec);
        await publisher.SendAsync(Packets.Acknowledge(PacketType.PubRel, 9));
        await publisher.ReadAsync(PacketType.PubComp);
        await publisher.PublishAsync(topic, "end", 2);

        Assert.Single(await subscriber.ReceiveUntilAsync("end"));
    }

    [Fact]
    public async Task After_PUBCOMP_the_id_is_free_for_a_new_message()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 2);
        using var publisher = await broker.ConnectAsync(Level.V5);

        await publisher.PublishAsync(new PublishFields(topic, "first") { QoS = 2, PacketId = 9 });
        await publisher.PublishAsync(new PublishFields(topic, "second") { QoS = 2, PacketId = 9 });

        Assert.Equal("first", (await subscriber.ReceiveAsync()).Payload);
        Assert.Equal("second", (await subscriber.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_duplicate_flag_is_not_passed_on()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V311, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V311);

        await publisher.PublishAsync(new PublishFields(topic, "again") { QoS = 1, PacketId = 3, IsDuplicate = true });

        Assert.False((await subscriber.ReceiveAsync()).IsDuplicate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(60_000)]
    public async Task Delivers_payloads_of_any_length_byte_by_byte(int length)
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V311);
        var payload = new byte[length];
        new Random(length).NextBytes(payload);

        await publisher.PublishAsync(new PublishFields(topic) { QoS = 1, PacketId = 1, Bytes = payload });

        Assert.Equal(payload, (await subscriber.ReceiveAsync()).Bytes);
    }

    [Fact]
    public async Task Takes_packets_that_arrive_in_pieces()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);

        foreach (var piece in Packets.Publish(Level.V5, new PublishFields(topic, "piecemeal") { QoS = 1, PacketId = 1 }))
        {
            await publisher.SendAsync(piece);
        }

        Assert.Equal("piecemeal", (await subscriber.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_client_receives_its_own_messages()
    {
        var topic = Names.Topic();
        using var client = await broker.SubscribeAsync(Level.V311, topic, 2);

        await client.PublishAsync(topic, "mine", 2);

        Assert.Equal("mine", (await client.ReceiveAsync()).Payload);
    }
}

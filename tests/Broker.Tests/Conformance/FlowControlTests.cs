using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>Receive maximum and maximum packet size, each in both directions.</summary>
public sealed class FlowControlTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sends_no_more_unacknowledged_messages_than_the_client_takes(int qos)
    {
        const int Maximum = 3;
        var topic = Names.Topic();
        using var subscriber = await broker.ConnectAsync(
            Level.V5, new ConnectFields { Properties = [Property.ReceiveMaximum(Maximum)] });
        await subscriber.SubscribeAsync(topic, (byte)qos);
        using var publisher = await broker.ConnectAsync(Level.V5);
        for (var i = 0; i < 10; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos);
        }

        var held = new Queue<ServerPacket>();
        for (var i = 0; i < Maximum; i++)
        {
            held.Enqueue(await subscriber.ReadAsync(PacketType.Publish));
        }

        // Nothing but the answer to a ping: the window is full.
        await subscriber.SendAsync(Packets.PingReq);
        await subscriber.ReadAsync(PacketType.PingResp);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"{i}", held.Peek().Payload);
            await FinishAsync(subscriber, held.Dequeue());
            if (i + Maximum < 10)
            {
                held.Enqueue(await subscriber.ReadAsync(PacketType.Publish));
            }
        }
    }

    [Fact]
    public async Task A_full_window_does_not_hold_QoS_0_back()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.ConnectAsync(
            Level.V5, new ConnectFields { Properties = [Property.ReceiveMaximum(1)] });
        await subscriber.SubscribeAsync([(topic + "/1", 1), (topic + "/0", 0)]);
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(topic + "/1", "first", 1);
        await publisher.PublishAsync(topic + "/1", "second", 1);

        await subscriber.ReadAsync(PacketType.Publish);
        await publisher.PublishAsync(topic + "/0", "free");

        Assert.Equal("free", (await subscriber.ReadAsync(PacketType.Publish)).Payload);
    }

    [Fact]
    public async Task Keeps_to_the_window_when_a_client_comes_back()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        var connect = new ConnectFields
        {
            ClientId = id,
            IsClean = false,
            Properties = [Property.SessionExpiry(60), Property.ReceiveMaximum(2)],
        };
        using (var first = await broker.ConnectAsync(Level.V5, connect))
        {
            await first.SubscribeAsync(topic, 1);
            await first.DisconnectAsync();
        }

        using var publisher = await broker.ConnectAsync(Level.V5);
        for (var i = 0; i < 6; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", 1);
        }

        using var second = await broker.ConnectAsync(Level.V5, connect);
        await second.ReadAsync(PacketType.Publish);
        await second.ReadAsync(PacketType.Publish);
        await second.SendAsync(Packets.PingReq);

        await second.ReadAsync(PacketType.PingResp);
    }

    [Fact]
    public async Task Ends_a_client_that_has_more_QoS_2_messages_open_than_allowed()
    {
        using var client = await broker.ConnectAsync(Level.V5);
        var allowed = client.ConnAck.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue;
        Assert.SkipWhen(allowed > 10_000, "The broker allows so many that a client cannot exceed them by design.");
        var topic = Names.Topic();

        for (var i = 1u; i <= allowed; i++)
        {
            await client.SendAsync(new PublishFields(topic, "open") { QoS = 2, PacketId = (ushort)i });
            await client.ReadAsync(PacketType.PubRec);
        }

        await client.SendAsync(new PublishFields(topic, "too many") { QoS = 2, PacketId = (ushort)(allowed + 1) });
        await client.ReadBrokenAsync(Reason.ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task Drops_what_is_larger_than_the_client_takes()
    {
        var topic = Names.Topic();
        using var small = await broker.ConnectAsync(
            Level.V5, new ConnectFields { Properties = [Property.MaximumPacketSize(100)] });
        await small.SubscribeAsync(topic, 1);
        using var large = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);

        await publisher.PublishAsync(topic, new string('x', 100), 1);
        await publisher.PublishAsync(topic, "end", 1);

        Assert.Empty(await small.ReceiveUntilAsync("end"));
        Assert.Single(await large.ReceiveUntilAsync("end"));
    }

    [Fact]
    public async Task Delivers_a_packet_of_exactly_the_size_the_client_takes()
    {
        const int Size = 120;
        var topic = Names.Topic();
        var head = Packets.Publish(Level.V5, new PublishFields(topic) { QoS = 1, PacketId = 1 }).Length;
        using var subscriber = await broker.ConnectAsync(
            Level.V5, new ConnectFields { Properties = [Property.MaximumPacketSize(Size)] });
        await subscriber.SubscribeAsync(topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);

        await publisher.PublishAsync(topic, new string('x', Size - head + 1), 1);
        await publisher.PublishAsync(topic, new string('y', Size - head), 1);

        Assert.Equal('y', (await subscriber.ReceiveAsync()).Payload[0]);
    }

    [Fact]
    public async Task Ends_a_client_that_sends_a_larger_packet_than_allowed()
    {
        using var client = await broker.ConnectAsync(Level.V5);
        var allowed = client.ConnAck.Number(PropertyId.MaximumPacketSize);
        Assert.SkipWhen(allowed is null or > 16 << 20, "The broker sets no limit that a test could exceed.");

        await client.SendAsync([.. RawMqtt.Packet(0x30, new byte[(int)allowed.Value + 1]).AsSpan(0, 64)]);

        await client.ReadBrokenAsync(Reason.PacketTooLarge);
    }

    private static async Task FinishAsync(WireClient client, ServerPacket message)
    {
        if (message.QoS == 1)
        {
            await client.SendAsync(Packets.Acknowledge(PacketType.PubAck, message.PacketId));
            return;
        }

        await client.SendAsync(Packets.Acknowledge(PacketType.PubRec, message.PacketId));
        // The message counts until PUBCOMP, so nothing new comes before PUBREL.
        Assert.Equal(message.PacketId, (await client.ReadAsync(PacketType.PubRel)).PacketId);
        await client.SendAsync(Packets.Acknowledge(PacketType.PubComp, message.PacketId));
    }
}

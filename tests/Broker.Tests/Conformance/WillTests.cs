using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class WillTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData(Level.V311, 0)]
    [InlineData(Level.V311, 2)]
    [InlineData(Level.V5, 1)]
    public async Task Comes_when_the_connection_breaks(Level level, int qos)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 2);
        using (await ConnectAsync(level, new Will(topic, "lost") { QoS = qos }))
        {
        }

        var will = await witness.ReceiveAsync();
        Assert.Equal(("lost", qos, false), (will.Payload, will.QoS, will.IsRetained));
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Stays_away_after_DISCONNECT(Level level)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using var client = await ConnectAsync(level, new Will(topic, "lost") { QoS = 1 });

        await client.DisconnectAsync();

        await NothingCameAsync(witness, topic);
    }

    [Theory]
    [InlineData(Reason.DisconnectWithWill)]
    [InlineData(0x80)]
    [InlineData(0x97)]
    public async Task Comes_after_DISCONNECT_with_another_reason_than_0(byte reason)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var client = await ConnectAsync(Level.V5, new Will(topic, "lost") { QoS = 1 });

        await client.DisconnectAsync(reason);

        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Comes_after_a_protocol_error(Level level)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using var client = await ConnectAsync(level, new Will(topic, "lost") { QoS = 1 });

        await client.SendAsync(RawMqtt.Packet(0x80, [0, 1, 0, 0]));

        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Comes_when_the_keep_alive_is_over(Level level)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using var client = await broker.ConnectAsync(
            level, new ConnectFields { KeepAliveSeconds = 1, Will = new Will(topic, "silent") { QoS = 1 } });

        Assert.Equal("silent", (await witness.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Comes_when_another_connection_takes_the_client_over(Level level)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using var first = await ConnectAsync(level, new Will(topic, "taken over") { QoS = 1 });

        using var second = await broker.ConnectAsync(level, new ConnectFields { ClientId = first.ClientId });

        Assert.Equal("taken over", (await witness.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task The_will_of_the_last_CONNECT_counts()
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var first = await ConnectAsync(Level.V5, new Will(topic, "old"));
        await first.DisconnectAsync();
        using (await broker.ConnectAsync(
            Level.V5, new ConnectFields { ClientId = first.ClientId, Will = new Will(topic, "new") }))
        {
        }

        Assert.Equal("new", (await witness.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Is_retained_when_asked(Level level)
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(level, topic, 1);
        using (await ConnectAsync(level, new Will(topic, "kept") { QoS = 1, IsRetained = true }))
        {
        }

        Assert.False((await witness.ReceiveAsync()).IsRetained);
        using var late = await broker.SubscribeAsync(level, topic, 1);
        var retained = await late.ReceiveAsync();
        Assert.Equal(("kept", true), (retained.Payload, retained.IsRetained));
        await witness.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Fact]
    public async Task An_empty_retained_will_clears_the_topic()
    {
        var topic = Names.Topic();
        using var witness = await broker.ConnectAsync(Level.V311);
        await witness.PublishAsync(topic, "kept", 1, isRetained: true);
        await witness.SubscribeAsync(topic, 1);
        await witness.ReceiveAsync();
        using (await ConnectAsync(Level.V311, new Will(topic, "") { IsRetained = true }))
        {
        }

        Assert.Equal("", (await witness.ReceiveAsync()).Payload);
        using var late = await broker.SubscribeAsync(Level.V311, topic, 1);
        await NothingCameAsync(late, topic);
    }

    [Fact]
    public async Task Carries_its_properties()
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        Property[] properties =
        [
            Property.PayloadFormat(1), Property.MessageExpiry(600), Property.ContentType("text/plain"),
            Property.ResponseTopic("answers"), Property.CorrelationData(0, 1, 255),
            Property.User("a", "1"), Property.User("b", "2"), Property.User("a", "3"),
        ];
        using (await ConnectAsync(Level.V5, new Will(topic, "lost") { Properties = [Property.WillDelay(0), .. properties] }))
        {
        }

        var will = await witness.ReceiveAsync();
        Assert.Equal(1u, will.Number(PropertyId.PayloadFormat));
        Assert.Equal("text/plain", will.Text(PropertyId.ContentType));
        Assert.Equal("answers", will.Text(PropertyId.ResponseTopic));
        Assert.Equal(properties.Where(p => p.Id == PropertyId.UserProperty), will.Properties.Where(p => p.Id == PropertyId.UserProperty));
        Assert.Equal<byte>([0, 1, 255], (byte[])will.Properties.Single(p => p.Id == PropertyId.CorrelationData).Value);
        Assert.Null(will.Number(PropertyId.WillDelay));
    }

    private Task<WireClient> ConnectAsync(Level level, Will will) =>
        broker.ConnectAsync(level, new ConnectFields { Will = will });

    private async Task NothingCameAsync(WireClient witness, string topic)
    {
        using var publisher = await broker.ConnectAsync(witness.Level);
        await publisher.PublishAsync(topic, "end", 1);
        Assert.Empty(await witness.ReceiveUntilAsync("end"));
    }
}

using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class MessageExpiryTests(ConformanceBroker broker)
{
    [Fact]
    public async Task Passes_the_interval_on_at_once()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);

        await publisher.PublishAsync(Expiring(topic, "fresh", 600));

        Assert.InRange((await subscriber.ReceiveAsync()).Number(PropertyId.MessageExpiry)!.Value, 540u, 600u);
    }

    [Fact]
    public async Task Delivers_the_rest_of_the_interval_and_nothing_that_expired()
    {
        var topic = Names.Topic();
        var connect = new ConnectFields { IsClean = false, Properties = [Property.SessionExpiry(60)] };
        using (var first = await broker.ConnectAsync(Level.V5, connect))
        {
            await first.SubscribeAsync(topic, 1);
            await first.DisconnectAsync();
        }

        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(Expiring(topic, "expired", 1));
        await publisher.PublishAsync(Expiring(topic, "kept", 600));
        await publisher.PublishAsync(topic, "endless", 1);
        await Pass.SecondsAsync(2.5);
        using var second = await broker.ConnectAsync(Level.V5, connect);

        var kept = await second.ReceiveAsync();
        Assert.Equal("kept", kept.Payload);
        Assert.InRange(kept.Number(PropertyId.MessageExpiry)!.Value, 540u, 598u);
        var endless = await second.ReceiveAsync();
        Assert.Equal(("endless", null), (endless.Payload, endless.Number(PropertyId.MessageExpiry)));
    }

    [Fact]
    public async Task A_retained_message_expires_too()
    {
        var topic = Names.Topic();
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(Expiring(topic + "/1", "expired", 1) with { IsRetained = true });
        await publisher.PublishAsync(Expiring(topic + "/2", "kept", 600) with { IsRetained = true });
        await Pass.SecondsAsync(2.5);

        using var subscriber = await broker.SubscribeAsync(Level.V5, topic + "/+", 1);

        var kept = await subscriber.ReceiveAsync();
        Assert.Equal("kept", kept.Payload);
        Assert.InRange(kept.Number(PropertyId.MessageExpiry)!.Value, 540u, 598u);
        await publisher.PublishAsync(topic + "/2", "", 1, isRetained: true);
    }

    [Fact]
    public async Task Expires_messages_for_clients_of_3_1_1_too()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        var connect = new ConnectFields { ClientId = id, IsClean = false };
        using (var first = await broker.ConnectAsync(Level.V311, connect))
        {
            await first.SubscribeAsync(topic, 1);
            await first.DisconnectAsync();
        }

        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(Expiring(topic, "expired", 1));
        await publisher.PublishAsync(topic, "end", 1);
        await Pass.SecondsAsync(2.5);
        using var second = await broker.ConnectAsync(Level.V311, connect);

        Assert.Empty(await second.ReceiveUntilAsync("end"));
        await second.DisconnectAsync();
    }

    [Fact]
    public async Task A_message_that_waits_behind_a_full_window_expires()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.ConnectAsync(
            Level.V5, new ConnectFields { Properties = [Property.ReceiveMaximum(1)] });
        await subscriber.SubscribeAsync(topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(topic, "held", 1);
        var held = await subscriber.ReadAsync(PacketType.Publish);
        await publisher.PublishAsync(Expiring(topic, "expired", 1));
        await publisher.PublishAsync(topic, "end", 1);

        await Pass.SecondsAsync(2.5);
        await subscriber.SendAsync(Packets.Acknowledge(PacketType.PubAck, held.PacketId));

        Assert.Empty(await subscriber.ReceiveUntilAsync("end"));
    }

    private static PublishFields Expiring(string topic, string payload, uint seconds) =>
        new(topic, payload) { QoS = 1, Properties = [Property.MessageExpiry(seconds)] };
}

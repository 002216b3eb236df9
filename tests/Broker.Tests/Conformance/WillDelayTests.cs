using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class WillDelayTests(ConformanceBroker broker)
{
    [Fact]
    public async Task Waits_for_the_delay()
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using (await ConnectAsync(Names.Unique("client"), topic, delaySeconds: 2, expirySeconds: 60))
        {
        }

        await witness.PublishAsync(topic, "at once", 1);

        Assert.Equal("at once", (await witness.ReceiveAsync()).Payload);
        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Comes_with_the_end_of_the_session_if_that_is_earlier()
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using (await ConnectAsync(Names.Unique("client"), topic, delaySeconds: 3_600, expirySeconds: 1))
        {
        }

        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Comes_at_once_without_a_session_to_wait_for()
    {
        var topic = Names.Topic();
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using (await ConnectAsync(Names.Unique("client"), topic, delaySeconds: 3_600, expirySeconds: 0))
        {
        }

        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Is_cancelled_when_the_client_comes_back()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using (await ConnectAsync(id, topic, delaySeconds: 1, expirySeconds: 60))
        {
        }

        using var back = await broker.ConnectAsync(
            Level.V5, new ConnectFields { ClientId = id, IsClean = false, Properties = [Property.SessionExpiry(60)] });
        await Pass.SecondsAsync(2.5);
        await witness.PublishAsync(topic, "end", 1);

        Assert.Empty(await witness.ReceiveUntilAsync("end"));
    }

    [Fact]
    public async Task Comes_at_once_when_a_clean_start_ends_the_session()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using (await ConnectAsync(id, topic, delaySeconds: 3_600, expirySeconds: 3_600))
        {
        }

        using var clean = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id });

        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_takeover_that_continues_the_session_cancels_a_delayed_will()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var first = await ConnectAsync(id, topic, delaySeconds: 1, expirySeconds: 60);
        using var second = await broker.ConnectAsync(
            Level.V5, new ConnectFields { ClientId = id, IsClean = false, Properties = [Property.SessionExpiry(60)] });

        await Pass.SecondsAsync(2.5);
        await witness.PublishAsync(topic, "end", 1);

        Assert.True(second.ConnAck.IsSessionPresent);
        Assert.Empty(await witness.ReceiveUntilAsync("end"));
    }

    [Fact]
    public async Task DISCONNECT_with_will_respects_the_delay()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var witness = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var client = await ConnectAsync(id, topic, delaySeconds: 2, expirySeconds: 60);
        await client.DisconnectAsync(Reason.DisconnectWithWill);

        await witness.PublishAsync(topic, "at once", 1);

        Assert.Equal("at once", (await witness.ReceiveAsync()).Payload);
        Assert.Equal("lost", (await witness.ReceiveAsync()).Payload);
    }

    private Task<WireClient> ConnectAsync(string id, string topic, uint delaySeconds, uint expirySeconds) =>
        broker.ConnectAsync(Level.V5, new ConnectFields
        {
            ClientId = id,
            IsClean = false,
            Properties = [Property.SessionExpiry(expirySeconds)],
            Will = new Will(topic, "lost") { QoS = 1, Properties = [Property.WillDelay(delaySeconds)] },
        });
}

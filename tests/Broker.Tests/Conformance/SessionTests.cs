using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class SessionTests(ConformanceBroker broker)
{
    private static readonly Property[] _minute = [Property.SessionExpiry(60)];

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Keeps_subscriptions_and_messages_of_an_absent_client(Level level)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        await LeaveAsync(level, id, topic, qos: 2);
        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic, "one", qos: 1);
        await publisher.PublishAsync(topic, "two", qos: 2);

        using var back = await ReturnAsync(level, id);

        Assert.True(back.ConnAck.IsSessionPresent);
        Assert.Equal(("one", 1), Of(await back.ReceiveAsync()));
        Assert.Equal(("two", 2), Of(await back.ReceiveAsync()));
        await publisher.PublishAsync(topic, "three", qos: 1);
        Assert.Equal(("three", 1), Of(await back.ReceiveAsync()));
        await back.DisconnectAsync(Reason.Success, EndSession(level));
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_clean_start_ends_the_session(Level level)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        await LeaveAsync(level, id, topic, qos: 1);
        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic, "lost", qos: 1);

        using var clean = await broker.ConnectAsync(level, new ConnectFields { ClientId = id });
        await publisher.PublishAsync(topic, "lost too", qos: 1);
        await clean.SubscribeAsync(topic, 1);
        await publisher.PublishAsync(topic, "end", qos: 1);

        Assert.False(clean.ConnAck.IsSessionPresent);
        Assert.Empty(await clean.ReceiveUntilAsync("end"));
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_clean_session_without_expiry_leaves_nothing_behind(Level level)
    {
        var id = Names.Unique("client");
        using (var first = await broker.ConnectAsync(level, new ConnectFields { ClientId = id }))
        {
            await first.SubscribeAsync(Names.Topic(), 1);
            await first.DisconnectAsync();
        }

        using var second = await broker.ConnectAsync(level, new ConnectFields { ClientId = id, IsClean = false });

        Assert.False(second.ConnAck.IsSessionPresent);
        await second.DisconnectAsync();
    }

    [Fact]
    public async Task Without_expiry_the_session_ends_with_the_connection()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using (var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, IsClean = false }))
        {
            await first.SubscribeAsync(topic, 1);
            await first.DisconnectAsync();
        }

        using var second = await ReturnAsync(Level.V5, id);

        Assert.False(second.ConnAck.IsSessionPresent);
    }

    [Fact]
    public async Task The_session_ends_when_its_expiry_interval_is_over()
    {
        var id = Names.Unique("client");
        using (var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, Properties = [Property.SessionExpiry(1)] }))
        {
            await first.DisconnectAsync();
        }

        await Pass.SecondsAsync(2.5);
        using var second = await ReturnAsync(Level.V5, id);

        Assert.False(second.ConnAck.IsSessionPresent);
    }

    [Fact]
    public async Task A_connected_client_outlives_its_expiry_interval()
    {
        var id = Names.Unique("client");
        using var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, Properties = [Property.SessionExpiry(1)] });
        await Pass.SecondsAsync(2.5);
        await first.PingAsync();
        await first.DisconnectAsync();

        using var second = await ReturnAsync(Level.V5, id);

        Assert.True(second.ConnAck.IsSessionPresent);
    }

    [Fact]
    public async Task DISCONNECT_can_end_the_session()
    {
        var id = Names.Unique("client");
        using var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, Properties = _minute });
        await first.DisconnectAsync(Reason.Success, Property.SessionExpiry(0));

        using var second = await ReturnAsync(Level.V5, id);

        Assert.False(second.ConnAck.IsSessionPresent);
    }

    [Fact]
    public async Task DISCONNECT_can_prolong_the_session()
    {
        var id = Names.Unique("client");
        using var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, Properties = [Property.SessionExpiry(1)] });
        await first.DisconnectAsync(Reason.Success, Property.SessionExpiry(60));
        await Pass.SecondsAsync(2.5);

        using var second = await ReturnAsync(Level.V5, id);

        Assert.True(second.ConnAck.IsSessionPresent);
    }

    [Fact]
    public async Task DISCONNECT_cannot_give_expiry_to_a_session_that_had_none()
    {
        using var client = await broker.ConnectAsync(Level.V5);

        await client.SendAsync(Packets.Disconnect(Reason.Success, Property.SessionExpiry(60)));

        var end = await client.ReadEndAsync();
        Assert.True(end is null or { Code: Reason.ProtocolError }, $"{end}");
        using var second = await ReturnAsync(Level.V5, client.ClientId);
        Assert.False(second.ConnAck.IsSessionPresent);
    }

    [Fact]
    public async Task QoS_0_messages_of_an_absent_client_stay_behind_those_that_are_kept()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        await LeaveAsync(Level.V311, id, topic, qos: 1);
        using var publisher = await broker.ConnectAsync(Level.V311);
        await publisher.PublishAsync(topic, "one", qos: 1);
        await publisher.PublishAsync(topic, "zero");
        await publisher.PublishAsync(topic, "two", qos: 1);

        using var back = await ReturnAsync(Level.V311, id);

        // Whether QoS 0 is kept is the broker's choice; QoS 1 is not.
        Assert.Equal("one", (await back.ReceiveAsync()).Payload);
        Assert.InRange((await back.ReceiveUntilAsync("two")).Count, 0, 1);
        await back.DisconnectAsync();
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task An_unsubscribed_filter_stays_unsubscribed(Level level)
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using (var first = await ReturnAsync(level, id))
        {
            await first.SubscribeAsync([(topic + "/a", 1), (topic + "/b", 1)]);
            await first.UnsubscribeAsync(topic + "/a");
            await first.DisconnectAsync();
        }

        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic + "/a", "unwanted", qos: 1);
        await publisher.PublishAsync(topic + "/b", "end", qos: 1);
        using var back = await ReturnAsync(level, id);

        Assert.Empty(await back.ReceiveUntilAsync("end"));
        await back.DisconnectAsync(Reason.Success, EndSession(level));
    }

    private static (string, int) Of(ServerPacket message) => (message.Payload, message.QoS);

    private static Property[] EndSession(Level level) => level == Level.V5 ? [Property.SessionExpiry(0)] : [];

    private Task<WireClient> ReturnAsync(Level level, string id) =>
        broker.ConnectAsync(level, new ConnectFields { ClientId = id, IsClean = false, Properties = _minute });

    private async Task LeaveAsync(Level level, string id, string topic, byte qos)
    {
        using var client = await ReturnAsync(level, id);
        Assert.False(client.ConnAck.IsSessionPresent);
        await client.SubscribeAsync(topic, qos);
        await client.DisconnectAsync();
    }
}

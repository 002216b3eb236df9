using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class SubscribeTests(ConformanceBroker broker)
{
    private const byte NoLocal = 0x04;

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Answers_each_filter_in_its_place(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);

        var answer = await client.SubscribeAsync([(topic + "/2", 2), (topic + "/0", 0), (topic + "/1", 1), (topic + "/#", 2)]);

        Assert.Equal([2, 0, 1, 2], answer.Codes);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Refuses_a_filter_that_may_not_be_subscribed_to_and_grants_the_rest(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);

        var answer = await client.SubscribeAsync([(topic, 1), ("test/nosubscribe", 1), (topic + "/x", 2)]);

        Assert.Equal((1, 2), (answer.Codes[0], answer.Codes[2]));
        Assert.True(level == Level.V311 ? answer.Codes[1] == 0x80 : answer.Codes[1] >= 0x80, $"0x{answer.Codes[1]:X2}");
        await client.PublishAsync(topic, "granted", 1);
        Assert.Equal("granted", (await client.ReceiveAsync()).Payload);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task A_repeated_SUBSCRIBE_replaces_the_QoS(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);
        await client.SubscribeAsync(topic, 2);
        await client.SubscribeAsync(topic, 0);

        await client.PublishAsync(topic, "message", 2);
        await client.PublishAsync(topic, "end", 2);

        var messages = await client.ReceiveUntilAsync("end");
        Assert.Equal([0], messages.Select(m => m.QoS));
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Overlapping_filters_deliver_at_least_once_with_the_highest_QoS(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);
        await client.SubscribeAsync([(topic + "/#", 2), (topic + "/+", 1), (topic + "/a", 0)]);
        using var publisher = await broker.ConnectAsync(level);

        await publisher.PublishAsync(topic + "/a", "message", 2);
        await client.PingAsync();
        await Pass.SecondsAsync(0.5);
        await client.SubscribeAsync(topic + "-end", 2);
        await publisher.PublishAsync(topic + "-end", "end", 2);

        var messages = await client.ReceiveUntilAsync("end");
        Assert.InRange(messages.Count, 1, 3);
        Assert.Equal(2, messages.Max(m => m.QoS));
    }

    [Fact]
    public async Task No_local_keeps_a_clients_own_messages_away()
    {
        var topic = Names.Topic();
        using var client = await broker.SubscribeAsync(Level.V5, topic, 1 | NoLocal);
        using var other = await broker.ConnectAsync(Level.V5);

        await client.PublishAsync(topic, "mine", 1);
        await other.PublishAsync(topic, "theirs", 1);

        Assert.Equal("theirs", (await client.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_message_carries_the_id_of_its_subscription()
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(Level.V5);
        await client.SubscribeAsync(topic + "/a", 1, Property.SubscriptionId(1));
        await client.SubscribeAsync(topic + "/b", 1, Property.SubscriptionId(268_435_455));
        await client.SubscribeAsync(topic + "/c", 1);

        await client.PublishAsync(topic + "/a", "a", 1);
        await client.PublishAsync(topic + "/b", "b", 1);
        await client.PublishAsync(topic + "/c", "c", 1);

        Assert.Equal([1u], IdsOf(await client.ReceiveAsync()));
        Assert.Equal([268_435_455u], IdsOf(await client.ReceiveAsync()));
        Assert.Empty(IdsOf(await client.ReceiveAsync()));
    }

    [Fact]
    public async Task A_message_of_several_subscriptions_carries_all_their_ids()
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(Level.V5);
        await client.SubscribeAsync(topic + "/#", 1, Property.SubscriptionId(10));
        await client.SubscribeAsync(topic + "/a", 1, Property.SubscriptionId(20));
        await client.SubscribeAsync(topic + "/+", 1);
        await client.SubscribeAsync(topic + "-end", 1);

        await client.PublishAsync(topic + "/a", "message", 1);
        await client.PublishAsync(topic + "-end", "end", 1);

        // In one message or in several: each id exactly once.
        var messages = await client.ReceiveUntilAsync("end");
        Assert.Equal([10u, 20u], messages.SelectMany(IdsOf).Order());
    }

    [Fact]
    public async Task A_repeated_SUBSCRIBE_replaces_the_id()
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(Level.V5);
        await client.SubscribeAsync(topic, 1, Property.SubscriptionId(1));
        await client.SubscribeAsync(topic, 1, Property.SubscriptionId(2));

        await client.PublishAsync(topic, "message", 1);

        Assert.Equal([2u], IdsOf(await client.ReceiveAsync()));
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task UNSUBSCRIBE_ends_a_subscription(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);
        await client.SubscribeAsync([(topic + "/a", 1), (topic + "/b", 1)]);

        await client.UnsubscribeAsync(topic + "/a");
        await client.PublishAsync(topic + "/a", "unwanted", 1);
        await client.PublishAsync(topic + "/b", "end", 1);

        Assert.Empty(await client.ReceiveUntilAsync("end"));
    }

    [Fact]
    public async Task UNSUBACK_tells_what_there_was()
    {
        var topic = Names.Topic();
        using var client = await broker.SubscribeAsync(Level.V5, topic + "/a", 1);

        var answer = await client.UnsubscribeAsync(topic + "/x", topic + "/a", topic + "/a", topic + "/#");

        Assert.Equal(
            [Reason.NoSubscriptionExisted, Reason.Success, Reason.NoSubscriptionExisted, Reason.NoSubscriptionExisted],
            answer.Codes);
    }

    [Fact]
    public async Task UNSUBACK_of_3_1_1_has_no_payload()
    {
        using var client = await broker.ConnectAsync(Level.V311);

        Assert.Empty((await client.UnsubscribeAsync(Names.Topic())).Codes);
    }

    private static IEnumerable<uint> IdsOf(ServerPacket message) =>
        message.Properties.Where(p => p.Id == PropertyId.SubscriptionId).Select(p => (uint)p.Value);
}

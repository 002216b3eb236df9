using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class SharedSubscriptionTests(ConformanceBroker broker)
{
    private const int Count = 60;

    [Fact]
    public async Task Each_message_goes_to_one_member_and_each_member_gets_some()
    {
        var (topic, group) = (Names.Topic(), Names.Unique("group"));
        using var publisher = await broker.ConnectAsync(Level.V5);
        using var first = await JoinAsync(group, topic);
        using var second = await JoinAsync(group, topic);

        await PublishAsync(publisher, topic);

        var (one, two) = (await ReceivedAsync(first, publisher), await ReceivedAsync(second, publisher));
        Assert.NotEmpty(one);
        Assert.NotEmpty(two);
        Assert.Equal(Enumerable.Range(0, Count), one.Concat(two).Order());
    }

    [Fact]
    public async Task Each_group_and_each_other_subscriber_gets_all()
    {
        var topic = Names.Topic();
        using var publisher = await broker.ConnectAsync(Level.V5);
        using var first = await JoinAsync(Names.Unique("group"), topic);
        using var second = await JoinAsync(Names.Unique("group"), topic);
        using var third = await broker.SubscribeAsync(Level.V5, topic, 1);
        await third.SubscribeAsync(OwnEnd(third), 1);

        await PublishAsync(publisher, topic);

        Assert.Equal(Count, (await ReceivedAsync(first, publisher)).Count);
        Assert.Equal(Count, (await ReceivedAsync(second, publisher)).Count);
        Assert.Equal(Count, (await ReceivedAsync(third, publisher)).Count);
    }

    [Fact]
    public async Task A_client_may_share_and_subscribe_at_once()
    {
        var (topic, group) = (Names.Topic(), Names.Unique("group"));
        using var publisher = await broker.ConnectAsync(Level.V5);
        using var both = await JoinAsync(group, topic);
        await both.SubscribeAsync(topic, 1);

        await PublishAsync(publisher, topic);

        var received = await ReceivedAsync(both, publisher);
        Assert.Equal(Enumerable.Range(0, Count), received.Distinct().Order());
    }

    [Fact]
    public async Task A_member_that_leaves_gets_nothing_more()
    {
        var (topic, group) = (Names.Topic(), Names.Unique("group"));
        using var publisher = await broker.ConnectAsync(Level.V5);
        using var first = await JoinAsync(group, topic);
        using var second = await JoinAsync(group, topic);

        var answer = await first.UnsubscribeAsync($"$share/{group}/{topic}");
        Assert.Equal([Reason.Success], answer.Codes);
        await PublishAsync(publisher, topic);

        Assert.Empty(await ReceivedAsync(first, publisher));
        Assert.Equal(Count, (await ReceivedAsync(second, publisher)).Count);
    }

    [Fact]
    public async Task The_rest_of_the_group_gets_all_when_a_member_is_gone()
    {
        var (topic, group) = (Names.Topic(), Names.Unique("group"));
        using var publisher = await broker.ConnectAsync(Level.V5);
        using var first = await JoinAsync(group, topic);
        using var second = await JoinAsync(group, topic);

        await first.DisconnectAsync();
        await PublishAsync(publisher, topic);

        Assert.Equal(Count, (await ReceivedAsync(second, publisher)).Count);
    }

    [Fact]
    public async Task Nothing_is_lost_while_a_member_with_a_session_is_away()
    {
        var (topic, group) = (Names.Topic(), Names.Unique("group"));
        using var publisher = await broker.ConnectAsync(Level.V5);
        var connect = new ConnectFields { IsClean = false, Properties = [Property.SessionExpiry(60)] };
        using (var away = await broker.ConnectAsync(Level.V5, connect))
        {
            await SubscribeAsync(away, group, topic);
            await away.DisconnectAsync();
        }

        using var present = await JoinAsync(group, topic);
        await PublishAsync(publisher, topic);
        using var back = await broker.ConnectAsync(Level.V5, connect);

        var received = (await ReceivedAsync(present, publisher)).Concat(await ReceivedAsync(back, publisher));
        Assert.Equal(Enumerable.Range(0, Count), received.Order());
    }

    [Fact]
    public async Task Retained_messages_do_not_greet_a_group()
    {
        var (topic, group) = (Names.Topic(), Names.Unique("group"));
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(topic, "0", 1, isRetained: true);

        using var member = await JoinAsync(group, topic);

        Assert.Empty(await ReceivedAsync(member, publisher));
        await publisher.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Fact]
    public async Task Works_with_wildcards_and_carries_the_subscription_id()
    {
        var topic = Names.Topic();
        using var member = await broker.ConnectAsync(Level.V5);
        await member.SubscribeAsync($"$share/{Names.Unique("group")}/{topic}/+/c", 1, Property.SubscriptionId(7));

        await member.PublishAsync(topic + "/b/c", "match", 1);

        var message = await member.ReceiveAsync();
        Assert.Equal((topic + "/b/c", 7u), (message.Topic, message.Number(PropertyId.SubscriptionId)));
    }

    [Fact]
    public async Task No_local_on_a_shared_subscription_is_a_protocol_error()
    {
        using var client = await broker.ConnectAsync(Level.V5);

        await client.SendAsync(Packets.Subscribe(Level.V5, 1, [($"$share/group/{Names.Topic()}", 0x05)]));

        await client.ReadBrokenAsync(Reason.ProtocolError);
    }

    [Theory]
    [InlineData("$share//topic")]
    [InlineData("$share/group")]
    [InlineData("$share/group/")]
    [InlineData("$share/gr+oup/topic")]
    [InlineData("$share/gr#oup/topic")]
    public async Task Refuses_a_malformed_shared_filter(string filter)
    {
        using var client = await broker.ConnectAsync(Level.V5);
        await client.SendAsync(Packets.Subscribe(Level.V5, 1, [(filter, 1)]));

        var answer = await client.ReadAsync();

        Assert.True(
            answer.Type == PacketType.SubAck ? answer.Codes is [>= 0x80] : answer.Type == PacketType.Disconnect, $"{answer}");
    }

    private static string OwnEnd(WireClient client) => $"end/{client.ClientId}";

    private static async Task SubscribeAsync(WireClient client, string group, string topic)
    {
        await client.SubscribeAsync(OwnEnd(client), 1);
        var answer = await client.SubscribeAsync($"$share/{group}/{topic}", 1);
        Assert.Equal([1], answer.Codes);
    }

    private static async Task PublishAsync(WireClient publisher, string topic)
    {
        for (var i = 0; i < Count; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", 1);
        }
    }

    private static async Task<List<int>> ReceivedAsync(WireClient client, WireClient publisher)
    {
        await publisher.PublishAsync(OwnEnd(client), "end", 1);
        return (await client.ReceiveUntilAsync("end")).ConvertAll(m => int.Parse(m.Payload));
    }

    private async Task<WireClient> JoinAsync(string group, string topic)
    {
        var client = await broker.ConnectAsync(Level.V5);
        await SubscribeAsync(client, group, topic);
        return client;
    }
}

using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class TopicAliasTests(ConformanceBroker broker)
{
    [Fact]
    public async Task Replaces_an_alias_by_its_topic()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await ConnectWithAliasesAsync();

        await publisher.PublishAsync(With(topic, 1, "one"));
        await publisher.PublishAsync(With("", 1, "two"));
        await publisher.PublishAsync(With(topic, 1, "three"));

        foreach (var payload in new[] { "one", "two", "three" })
        {
            var message = await subscriber.ReceiveAsync();
            Assert.Equal((topic, payload), (message.Topic, message.Payload));
            Assert.Null(message.Number(PropertyId.TopicAlias));
        }
    }

    [Fact]
    public async Task An_alias_can_get_another_topic()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic + "/+", 1);
        using var publisher = await ConnectWithAliasesAsync();

        await publisher.PublishAsync(With(topic + "/a", 1, "a"));
        await publisher.PublishAsync(With(topic + "/b", 1, "b"));
        await publisher.PublishAsync(With("", 1, "b again"));

        Assert.Equal(topic + "/a", (await subscriber.ReceiveAsync()).Topic);
        Assert.Equal(topic + "/b", (await subscriber.ReceiveAsync()).Topic);
        Assert.Equal(topic + "/b", (await subscriber.ReceiveAsync()).Topic);
    }

    [Fact]
    public async Task The_highest_alias_can_be_used()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await ConnectWithAliasesAsync();
        var highest = (ushort)publisher.ConnAck.Number(PropertyId.TopicAliasMaximum)!;

        await publisher.PublishAsync(With(topic, highest, "one"));
        await publisher.PublishAsync(With("", highest, "two"));

        Assert.Equal(topic, (await subscriber.ReceiveAsync()).Topic);
        Assert.Equal(topic, (await subscriber.ReceiveAsync()).Topic);
    }

    [Fact]
    public async Task Ends_a_client_with_an_alias_above_the_maximum()
    {
        using var client = await ConnectWithAliasesAsync();
        var highest = (ushort)client.ConnAck.Number(PropertyId.TopicAliasMaximum)!;

        await client.SendAsync(With(Names.Topic(), (ushort)(highest + 1), "above"));

        await client.ReadBrokenAsync(Reason.TopicAliasInvalid);
    }

    [Fact]
    public async Task Ends_a_client_with_the_alias_0()
    {
        using var client = await ConnectWithAliasesAsync();

        await client.SendAsync(With(Names.Topic(), 0, "zero"));

        await client.ReadBrokenAsync(Reason.TopicAliasInvalid, Reason.ProtocolError, Reason.Malformed);
    }

    [Fact]
    public async Task Ends_a_client_with_an_alias_it_did_not_set()
    {
        using var client = await ConnectWithAliasesAsync();

        await client.SendAsync(With("", 1, "unknown"));

        await client.ReadBrokenAsync(Reason.ProtocolError, Reason.TopicAliasInvalid, Reason.Malformed);
    }

    [Fact]
    public async Task Ends_a_client_with_neither_topic_nor_alias()
    {
        using var client = await ConnectWithAliasesAsync();

        await client.SendAsync(new PublishFields("", "nowhere"));

        await client.ReadBrokenAsync(Reason.ProtocolError, Reason.TopicInvalid, Reason.Malformed);
    }

    [Fact]
    public async Task Aliases_end_with_the_connection()
    {
        var connect = new ConnectFields { IsClean = false, Properties = [Property.SessionExpiry(60)] };
        using (var first = await broker.ConnectAsync(Level.V5, connect))
        {
            await first.PublishAsync(With(Names.Topic(), 1, "set"));
            await first.DisconnectAsync();
        }

        using var second = await broker.ConnectAsync(Level.V5, connect);
        await second.SendAsync(With("", 1, "unknown"));

        await second.ReadBrokenAsync(Reason.ProtocolError, Reason.TopicAliasInvalid, Reason.Malformed);
    }

    [Fact]
    public async Task Sends_only_aliases_the_client_allows_and_has_been_told()
    {
        const ushort Maximum = 2;
        var topic = Names.Topic();
        using var subscriber = await broker.ConnectAsync(
            Level.V5, new ConnectFields { Properties = [Property.TopicAliasMaximum(Maximum)] });
        await subscriber.SubscribeAsync(topic + "/+", 1);
        using var publisher = await broker.ConnectAsync(Level.V311);
        var known = new Dictionary<uint, string>();

        for (var i = 0; i < 12; i++)
        {
            await publisher.PublishAsync($"{topic}/{i % 3}", $"{i}", 1);
            var message = await subscriber.ReceiveAsync();
            if (message.Number(PropertyId.TopicAlias) is { } alias)
            {
                Assert.InRange(alias, 1u, Maximum);
                known[alias] = message.Topic.Length > 0 ? message.Topic : known[alias];
            }

            var name = message.Topic.Length > 0 ? message.Topic : known[message.Number(PropertyId.TopicAlias)!.Value];
            Assert.Equal($"{topic}/{i % 3}", name);
        }
    }

    [Fact]
    public async Task Sends_no_alias_to_a_client_that_allows_none()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);

        for (var i = 0; i < 5; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", 1);
            var message = await subscriber.ReceiveAsync();
            Assert.Equal(topic, message.Topic);
            Assert.Null(message.Number(PropertyId.TopicAlias));
        }
    }

    private static PublishFields With(string topic, ushort alias, string payload) =>
        new(topic, payload) { Properties = [Property.TopicAlias(alias)] };

    private async Task<WireClient> ConnectWithAliasesAsync()
    {
        var client = await broker.ConnectAsync(Level.V5);
        Assert.True(client.ConnAck.Number(PropertyId.TopicAliasMaximum) > 0, "The broker takes no aliases.");
        return client;
    }
}

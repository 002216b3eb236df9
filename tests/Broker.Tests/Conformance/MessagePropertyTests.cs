using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>Properties a publisher sets and subscribers get as they are.</summary>
public sealed class MessagePropertyTests(ConformanceBroker broker)
{
    [Fact]
    public async Task Passes_all_on_and_keeps_the_order_of_user_properties()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);
        Property[] users = [Property.User("b", "1"), Property.User("a", "2"), Property.User("b", "1"), Property.User("", "")];

        await publisher.PublishAsync(new PublishFields(topic, "message")
        {
            QoS = 1,
            Properties =
            [
                users[0], Property.PayloadFormat(1), users[1], Property.ContentType("application/json"), users[2],
                Property.ResponseTopic("answers/1"), Property.CorrelationData(0, 255, 7), users[3],
            ],
        });

        var message = await subscriber.ReceiveAsync();
        Assert.Equal(users, message.Properties.Where(p => p.Id == PropertyId.UserProperty));
        Assert.Equal(1u, message.Number(PropertyId.PayloadFormat));
        Assert.Equal("application/json", message.Text(PropertyId.ContentType));
        Assert.Equal("answers/1", message.Text(PropertyId.ResponseTopic));
        Assert.Equal<byte>([0, 255, 7], (byte[])message.Properties.Single(p => p.Id == PropertyId.CorrelationData).Value);
    }

    [Fact]
    public async Task Adds_nothing_of_its_own()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V311);

        await publisher.PublishAsync(topic, "message", 1);

        Assert.Empty((await subscriber.ReceiveAsync()).Properties);
    }

    [Fact]
    public async Task A_client_of_3_1_1_gets_the_message_without_properties()
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V311, topic, 1);
        using var publisher = await broker.ConnectAsync(Level.V5);

        await publisher.PublishAsync(new PublishFields(topic, "message") { QoS = 1, Properties = [Property.User("a", "1")] });

        Assert.Equal("message", (await subscriber.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task A_request_finds_its_answer()
    {
        var topic = Names.Topic();
        using var server = await broker.SubscribeAsync(Level.V5, topic, 1);
        using var client = await broker.SubscribeAsync(Level.V5, topic + "/answers", 1);
        await client.PublishAsync(new PublishFields(topic, "question")
        {
            QoS = 1,
            Properties = [Property.ResponseTopic(topic + "/answers"), Property.CorrelationData(42)],
        });

        var question = await server.ReceiveAsync();
        await server.PublishAsync(new PublishFields(question.Text(PropertyId.ResponseTopic)!, "answer")
        {
            QoS = 1,
            Properties = [question.Properties.Single(p => p.Id == PropertyId.CorrelationData)],
        });

        var answer = await client.ReceiveAsync();
        Assert.Equal("answer", answer.Payload);
        Assert.Equal<byte>([42], (byte[])answer.Properties.Single(p => p.Id == PropertyId.CorrelationData).Value);
    }

    [Fact]
    public async Task Survive_in_a_session()
    {
        var topic = Names.Topic();
        var connect = new ConnectFields { IsClean = false, Properties = [Property.SessionExpiry(60)] };
        using (var first = await broker.ConnectAsync(Level.V5, connect))
        {
            await first.SubscribeAsync(topic, 1, Property.SubscriptionId(3));
            await first.DisconnectAsync();
        }

        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(new PublishFields(topic, "m") { QoS = 1, Properties = [Property.ContentType("x"), Property.User("a", "1")] });
        using var second = await broker.ConnectAsync(Level.V5, connect);

        var message = await second.ReceiveAsync();
        Assert.Equal("x", message.Text(PropertyId.ContentType));
        Assert.Contains(Property.User("a", "1"), message.Properties);
        Assert.Equal(3u, message.Number(PropertyId.SubscriptionId));
    }
}

using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class RetainedTests(ConformanceBroker broker)
{
    private const byte OnlyIfNew = 0x10;
    private const byte Never = 0x20;
    private const byte AsPublished = 0x08;

    [Theory]
    [InlineData(Level.V311, 0)]
    [InlineData(Level.V311, 2)]
    [InlineData(Level.V5, 1)]
    public async Task Greets_a_new_subscriber_with_the_newest(Level level, int qos)
    {
        var topic = Names.Topic();
        using var publisher = await broker.ConnectAsync(level);
        await publisher.PublishAsync(topic, "old", qos, isRetained: true);
        await publisher.PublishAsync(topic, "new", qos, isRetained: true);
        await publisher.PublishAsync(topic, "not retained", qos);
        await publisher.PingAsync();

        using var subscriber = await broker.SubscribeAsync(level, topic, 2);

        var retained = await subscriber.ReceiveAsync();
        Assert.Equal(("new", qos, true), (retained.Payload, retained.QoS, retained.IsRetained));
        await publisher.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task An_empty_payload_clears_the_topic_and_is_delivered(Level level)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);
        await client.PublishAsync(topic, "kept", 1, isRetained: true);
        await client.SubscribeAsync(topic, 1);
        Assert.Equal("kept", (await client.ReceiveAsync()).Payload);

        await client.PublishAsync(topic, "", 1, isRetained: true);

        Assert.Equal("", (await client.ReceiveAsync()).Payload);
        using var late = await broker.SubscribeAsync(level, topic, 1);
        await client.PublishAsync(topic, "end", 1);
        Assert.Empty(await late.ReceiveUntilAsync("end"));
    }

    [Theory]
    [InlineData("#", "a,a/b,a/b/c,a//c")]
    [InlineData("a/#", "a,a/b,a/b/c,a//c")]
    [InlineData("+", "a")]
    [InlineData("a/+", "a/b")]
    [InlineData("a/+/c", "a/b/c,a//c")]
    [InlineData("+/b/#", "a/b,a/b/c")]
    [InlineData("a//c", "a//c")]
    public async Task Sends_what_a_filter_matches(string filter, string expected)
    {
        var root = Names.Unique("test");
        string[] topics = ["a", "a/b", "a/b/c", "a//c"];
        using var client = await broker.ConnectAsync(Level.V311);
        foreach (var topic in topics)
        {
            await client.PublishAsync($"{root}/{topic}", topic, 1, isRetained: true);
        }

        await client.SubscribeAsync([($"{root}/{filter}", 1), ($"{root}-end", 1)]);
        await client.PublishAsync($"{root}-end", "end", 1);

        var received = (await client.ReceiveUntilAsync("end")).Select(m => m.Payload).Order();
        Assert.Equal(expected.Split(',').Order(), received);
        foreach (var topic in topics)
        {
            await client.PublishAsync($"{root}/{topic}", "", 1, isRetained: true);
        }
    }

    [Theory]
    [InlineData(Level.V311, 1, 2)]
    [InlineData(Level.V5, 1, 2)]
    [InlineData(Level.V5, 1 | OnlyIfNew, 1)]
    [InlineData(Level.V5, 1 | Never, 0)]
    public async Task Retain_handling_decides_about_a_repeated_SUBSCRIBE(Level level, byte options, int times)
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(level);
        await client.PublishAsync(topic, "kept", 1, isRetained: true);

        await client.SubscribeAsync(topic, options);
        await client.SubscribeAsync(topic, options);
        await client.PublishAsync(topic, "end", 1);

        Assert.Equal(times, (await client.ReceiveUntilAsync("end")).Count);
        await client.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Fact]
    public async Task A_filter_that_was_unsubscribed_is_new_again()
    {
        var topic = Names.Topic();
        using var client = await broker.ConnectAsync(Level.V5);
        await client.PublishAsync(topic, "kept", 1, isRetained: true);

        await client.SubscribeAsync(topic, 1 | OnlyIfNew);
        await client.UnsubscribeAsync(topic);
        await client.SubscribeAsync(topic, 1 | OnlyIfNew);
        await client.PublishAsync(topic, "end", 1);

        Assert.Equal(2, (await client.ReceiveUntilAsync("end")).Count);
        await client.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Theory]
    [InlineData(1, true, false)]
    [InlineData(1, false, false)]
    [InlineData(1 | AsPublished, true, true)]
    [InlineData(1 | AsPublished, false, false)]
    public async Task The_flag_reaches_subscribers_only_as_they_ask(byte options, bool published, bool received)
    {
        var topic = Names.Topic();
        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, options);
        using var publisher = await broker.ConnectAsync(Level.V5);

        await publisher.PublishAsync(topic, "message", 1, published);

        Assert.Equal(received, (await subscriber.ReceiveAsync()).IsRetained);
        await publisher.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Fact]
    public async Task Keeps_the_properties()
    {
        var topic = Names.Topic();
        using var publisher = await broker.ConnectAsync(Level.V5);
        await publisher.PublishAsync(new PublishFields(topic, "kept")
        {
            QoS = 1,
            IsRetained = true,
            Properties = [Property.ContentType("text"), Property.User("a", "1")],
        });

        using var subscriber = await broker.SubscribeAsync(Level.V5, topic, 1);

        var retained = await subscriber.ReceiveAsync();
        Assert.Equal("text", retained.Text(PropertyId.ContentType));
        Assert.Equal([Property.User("a", "1")], retained.Properties.Where(p => p.Id == PropertyId.UserProperty));
        await publisher.PublishAsync(topic, "", 1, isRetained: true);
    }

    [Fact]
    public async Task Outlives_its_publisher_and_clean_sessions()
    {
        var topic = Names.Topic();
        using (var publisher = await broker.ConnectAsync(Level.V311))
        {
            await publisher.PublishAsync(topic, "kept", 1, isRetained: true);
            await publisher.DisconnectAsync();
        }

        using var subscriber = await broker.SubscribeAsync(Level.V5, topic);

        Assert.Equal("kept", (await subscriber.ReceiveAsync()).Payload);
        await subscriber.PublishAsync(topic, "", 1, isRetained: true);
    }
}

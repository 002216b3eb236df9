using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

public sealed class ConnectTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Accepts_a_client_and_answers_its_pings(Level level)
    {
        using var client = await broker.ConnectAsync(level);

        Assert.False(client.ConnAck.IsSessionPresent);
        await client.PingAsync();
        await client.PingAsync();
        await client.DisconnectAsync();
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Accepts_user_name_password_and_will_in_one_CONNECT(Level level)
    {
        using var client = await broker.ConnectAsync(level, new ConnectFields
        {
            User = "user",
            Password = "password",
            Will = new Will(Names.Topic(), "lost") { QoS = 2, IsRetained = true },
        });

        await client.PingAsync();
        await client.DisconnectAsync();
    }

    [Fact]
    public async Task Accepts_a_CONNECT_with_every_property()
    {
        using var client = await broker.ConnectAsync(Level.V5, new ConnectFields
        {
            Properties =
            [
                Property.SessionExpiry(0), Property.ReceiveMaximum(10), Property.MaximumPacketSize(10_000),
                Property.TopicAliasMaximum(5), new Property(PropertyId.RequestResponseInformation, 1u),
                new Property(PropertyId.RequestProblemInformation, 1u), Property.User("a", "1"), Property.User("a", "2"),
            ],
            Will = new Will(Names.Topic(), "lost")
            {
                Properties =
                [
                    Property.WillDelay(1), Property.PayloadFormat(1), Property.MessageExpiry(60),
                    Property.ContentType("text"), Property.ResponseTopic("answers"), Property.CorrelationData(1, 2),
                    Property.User("b", "1"),
                ],
            },
        });

        await client.PingAsync();
        await client.DisconnectAsync();
    }

    [Fact]
    public async Task Assigns_a_client_id_to_a_client_without_one()
    {
        using var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = "" });
        using var second = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = "", IsClean = false });

        var ids = new[] { first, second }.Select(c => c.ConnAck.Text(PropertyId.AssignedClientId)).ToList();
        Assert.All(ids, id => Assert.False(string.IsNullOrEmpty(id)));
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task A_client_can_come_back_with_the_id_it_was_assigned()
    {
        using var first = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = "", Properties = [Property.SessionExpiry(60)] });
        var id = first.ConnAck.Text(PropertyId.AssignedClientId)!;
        await first.DisconnectAsync();

        using var second = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = id, IsClean = false });

        Assert.True(second.ConnAck.IsSessionPresent);
        Assert.Null(second.ConnAck.Text(PropertyId.AssignedClientId));
    }

    [Fact]
    public async Task Takes_a_clean_client_of_3_1_1_without_id()
    {
        using var client = await broker.ConnectAsync(Level.V311, new ConnectFields { ClientId = "" });

        await client.PingAsync();
    }

    [Fact]
    public async Task Takes_a_long_client_id()
    {
        using var client = await broker.ConnectAsync(Level.V5, new ConnectFields { ClientId = Names.Unique(new string('x', 80)) });

        await client.PingAsync();
    }

    [Fact]
    public async Task Tells_what_it_offers_only_where_that_is_less_than_all()
    {
        using var client = await broker.ConnectAsync(Level.V5);

        Assert.True(client.ConnAck.Number(PropertyId.MaximumQoS) is null);
        Assert.True(client.ConnAck.Number(PropertyId.RetainAvailable) is null or 1);
        Assert.True(client.ConnAck.Number(PropertyId.WildcardAvailable) is null or 1);
        Assert.True(client.ConnAck.Number(PropertyId.SubscriptionIdAvailable) is null or 1);
        Assert.True(client.ConnAck.Number(PropertyId.SharedAvailable) is null or 1);
        Assert.NotEqual(0u, client.ConnAck.Number(PropertyId.ReceiveMaximum));
        Assert.NotEqual(0u, client.ConnAck.Number(PropertyId.MaximumPacketSize));
    }

    [Fact]
    public async Task Sends_CONNACK_before_what_waits_in_the_session()
    {
        var (topic, id) = (Names.Topic(), Names.Unique("client"));
        using var first = await broker.ConnectAsync(Level.V311, new ConnectFields { ClientId = id, IsClean = false });
        await first.SubscribeAsync(topic, 1);
        await first.DisconnectAsync();
        using var publisher = await broker.ConnectAsync(Level.V311);
        await publisher.PublishAsync(topic, "waiting", qos: 1);

        // ConnectAsync fails when anything else than CONNACK comes first.
        using var second = await broker.ConnectAsync(Level.V311, new ConnectFields { ClientId = id, IsClean = false });

        Assert.Equal("waiting", (await second.ReceiveAsync()).Payload);
        await second.DisconnectAsync();
    }
}

using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>What is not a CONNECT of a version we speak. A broker may say why in CONNACK, or just close.</summary>
public sealed class ConnectRefusedTests(ConformanceBroker broker)
{
    [Theory]
    [InlineData(Level.V311, "MQIsdp", 4)]
    [InlineData(Level.V311, "mqtt", 4)]
    [InlineData(Level.V311, "", 4)]
    [InlineData(Level.V5, "MQIsdp", 5)]
    [InlineData(Level.V5, "MQTTT", 5)]
    [InlineData(Level.V311, "MQTT", 2)]
    [InlineData(Level.V311, "MQTT", 6)]
    [InlineData(Level.V311, "MQTT", 0)]
    public Task Refuses_a_wrong_protocol_name_or_level(Level level, string name, byte levelByte) =>
        Refused(level, new ConnectFields { ProtocolName = name, LevelByte = levelByte });

    [Theory]
    [InlineData(Level.V311, 0x03, "reserved bit")]
    [InlineData(Level.V5, 0x03, "reserved bit")]
    [InlineData(Level.V311, 0x0A, "will QoS without a will")]
    [InlineData(Level.V5, 0x0A, "will QoS without a will")]
    [InlineData(Level.V311, 0x22, "will retain without a will")]
    [InlineData(Level.V5, 0x22, "will retain without a will")]
    [InlineData(Level.V311, 0x82, "user flag without a user")]
    [InlineData(Level.V5, 0x42, "password flag without a password")]
    public async Task Refuses_flags_that_do_not_fit(Level level, byte flags, string why)
    {
        Assert.NotEmpty(why);
        await Refused(level, new ConnectFields { Flags = flags });
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public Task Refuses_a_will_with_QoS_3(Level level) =>
        Refused(level, new ConnectFields { Will = new Will(Names.Topic(), "lost") { QoS = 3 } });

    [Theory]
    [InlineData(Level.V311, "lost/+")]
    [InlineData(Level.V5, "lost/#")]
    [InlineData(Level.V5, "")]
    public Task Refuses_a_will_topic_that_is_no_topic(Level level, string topic) =>
        Refused(level, new ConnectFields { Will = new Will(topic, "lost") });

    [Fact]
    public Task Refuses_a_password_without_user_name_in_3_1_1() =>
        Refused(Level.V311, new ConnectFields { Password = "password" });

    [Fact]
    public async Task Takes_a_password_without_user_name_in_5()
    {
        using var client = await broker.ConnectAsync(Level.V5, new ConnectFields { Password = "password" });

        await client.PingAsync();
    }

    [Fact]
    public async Task Refuses_a_persistent_session_without_client_id_in_3_1_1()
    {
        using var client = await broker.OpenAsync(Level.V311);

        await client.SendAsync(new ConnectFields { ClientId = "", IsClean = false }.Encode(Level.V311));

        Assert.Equal(2, (await client.ReadAsync(PacketType.ConnAck)).Code);
        await client.ReadEndAsync();
    }

    [Fact]
    public async Task Names_an_unsupported_version()
    {
        using var client = await broker.OpenAsync(Level.V311);

        await client.SendAsync(new ConnectFields { LevelByte = 3 }.Encode(Level.V311));

        var answer = await client.ReadAsync(PacketType.ConnAck);
        Assert.True(answer.Code is 1 or Reason.UnsupportedVersion, $"0x{answer.Code:X2}");
        await client.ReadEndAsync();
    }

    [Theory]
    [InlineData(Level.V311)]
    [InlineData(Level.V5)]
    public async Task Closes_after_a_second_CONNECT(Level level)
    {
        using var client = await broker.ConnectAsync(level);

        await client.SendAsync(new ConnectFields { ClientId = client.ClientId }.Encode(level));

        await client.ReadBrokenAsync();
    }

    [Theory]
    [InlineData(PropertyId.SessionExpiry, 1u)]
    [InlineData(PropertyId.ReceiveMaximum, 1u)]
    [InlineData(PropertyId.MaximumPacketSize, 1_000u)]
    [InlineData(PropertyId.TopicAliasMaximum, 1u)]
    [InlineData(PropertyId.RequestResponseInformation, 1u)]
    [InlineData(PropertyId.RequestProblemInformation, 1u)]
    [InlineData(PropertyId.AuthenticationMethod, "m")]
    public Task Refuses_a_property_that_comes_twice(object id, object value) => Refused(Level.V5, new ConnectFields
    {
        Properties = [new Property((PropertyId)id, value), new Property((PropertyId)id, value)],
    });

    [Theory]
    [InlineData(PropertyId.ReceiveMaximum, 0u)]
    [InlineData(PropertyId.MaximumPacketSize, 0u)]
    [InlineData(PropertyId.RequestResponseInformation, 2u)]
    [InlineData(PropertyId.RequestProblemInformation, 2u)]
    [InlineData(PropertyId.MessageExpiry, 1u)]
    [InlineData(PropertyId.TopicAlias, 1u)]
    [InlineData(PropertyId.WillDelay, 1u)]
    [InlineData(PropertyId.ReasonString, "because")]
    public Task Refuses_a_property_with_a_forbidden_value_or_in_the_wrong_place(object id, object value) =>
        Refused(Level.V5, new ConnectFields { Properties = [new Property((PropertyId)id, value)] });

    [Theory]
    [InlineData(PropertyId.WillDelay, 1u)]
    [InlineData(PropertyId.PayloadFormat, 1u)]
    [InlineData(PropertyId.ContentType, "text")]
    public Task Refuses_a_will_property_that_comes_twice(object id, object value) => Refused(Level.V5, new ConnectFields
    {
        Will = new Will(Names.Topic(), "lost")
        {
            Properties = [new Property((PropertyId)id, value), new Property((PropertyId)id, value)],
        },
    });

    [Theory]
    [InlineData(PropertyId.SessionExpiry, 1u)]
    [InlineData(PropertyId.TopicAlias, 1u)]
    [InlineData(PropertyId.PayloadFormat, 2u)]
    public Task Refuses_a_will_property_that_none_is(object id, object value) => Refused(Level.V5, new ConnectFields
    {
        Will = new Will(Names.Topic(), "lost") { Properties = [new Property((PropertyId)id, value)] },
    });

    [Theory]
    [InlineData("C000")]
    [InlineData("E000")]
    [InlineData("82060001000174" + "00")]
    [InlineData("3003000174")]
    [InlineData("20020000")]
    [InlineData("00")]
    public async Task Closes_when_the_first_packet_is_no_CONNECT(string hex)
    {
        using var client = await broker.OpenAsync(Level.V311);

        await client.SendAsync(Convert.FromHexString(hex));
        client.FinishSending();

        Assert.Null(await client.ReadEndAsync());
    }

    private async Task Refused(Level level, ConnectFields fields)
    {
        using var client = await broker.OpenAsync(level);
        await client.SendAsync(fields.Encode(level));
        client.FinishSending();
        var answers = await client.ReadAllAsync();
        Assert.All(answers, a => Assert.True(a.Type == PacketType.ConnAck && a.Code != 0, $"The broker sent {a}."));
    }
}

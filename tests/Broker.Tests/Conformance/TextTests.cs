using System.Text;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Conformance;

/// <summary>Text on the wire has to be well-formed UTF-8 without U+0000.</summary>
public sealed class TextTests(ConformanceBroker broker)
{
    /// <summary>Bytes that are no text: NUL, surrogates, overlong, stray, cut, above the last code point.</summary>
    public static TheoryData<Level, string> NoText { get; } = [.. new MatrixTheoryData<Level, string>(
        [Level.V311, Level.V5],
        ["6100", "61EDA080", "61EDBFBF", "61C0AF", "61E080AF", "6180", "61C3", "61E282", "61F4908080", "61FF", "61F8888080"])
        .Select(row => row.Data)];

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task Closes_after_a_topic_that_is_no_text(Level level, string hex)
    {
        using var client = await broker.ConnectAsync(level);
        var body = new ByteWriter().Binary(Convert.FromHexString(hex));
        body = level == Level.V5 ? body.Properties() : body;

        await client.SendAsync(RawMqtt.Packet(0x30, body.ToArray()));

        await client.ReadBrokenAsync(Reason.Malformed, Reason.ProtocolError, Reason.TopicInvalid);
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task Closes_after_a_filter_that_is_no_text(Level level, string hex)
    {
        using var client = await broker.ConnectAsync(level);
        var body = new ByteWriter().Short(1);
        body = level == Level.V5 ? body.Properties() : body;

        await client.SendAsync(RawMqtt.Packet(0x82, body.Binary(Convert.FromHexString(hex)).Byte(0).ToArray()));

        await client.ReadBrokenAsync(Reason.Malformed, Reason.ProtocolError, Reason.FilterInvalid);
    }

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task Refuses_a_client_id_that_is_no_text(Level level, string hex)
    {
        using var client = await broker.OpenAsync(level);
        var body = new ByteWriter().Text("MQTT").Byte((byte)level).Byte(2).Short(60);
        body = level == Level.V5 ? body.Properties() : body;

        await client.SendAsync(RawMqtt.Packet(0x10, body.Binary(Convert.FromHexString(hex)).ToArray()));
        client.FinishSending();

        Assert.All(await client.ReadAllAsync(), a => Assert.NotEqual(0, a.Code));
    }

    [Theory]
    [InlineData("6100")]
    [InlineData("61EDA080")]
    [InlineData("61FF")]
    public async Task Closes_after_a_user_property_that_is_no_text(string hex)
    {
        using var client = await broker.ConnectAsync(Level.V5);
        var property = new ByteWriter().Byte((byte)PropertyId.UserProperty).Text("a").Binary(Convert.FromHexString(hex)).ToArray();
        var body = new ByteWriter().Text(Names.Topic()).Variable((uint)property.Length).Raw(property);

        await client.SendAsync(RawMqtt.Packet(0x30, body.ToArray()));

        await client.ReadBrokenAsync();
    }

    [Theory]
    [InlineData("ä")]
    [InlineData("€")]
    [InlineData("𝄞")]
    [InlineData("\uFEFFa")]
    [InlineData("日本/語")]
    public async Task Keeps_every_character_as_it_is(string text)
    {
        var topic = $"{Names.Unique("test")}/{text}";
        using var client = await broker.SubscribeAsync(Level.V5, topic, 1);

        await client.PublishAsync(new PublishFields(topic, text) { QoS = 1, PacketId = 90, Properties = [Property.User(text, text)] });

        var message = await client.ReceiveAsync();
        Assert.Equal((topic, text), (message.Topic, message.Payload));
        Assert.Contains(Property.User(text, text), message.Properties);
    }

    [Fact]
    public async Task A_payload_need_not_be_text()
    {
        var topic = Names.Topic();
        using var client = await broker.SubscribeAsync(Level.V311, topic, 1);
        byte[] payload = [0x00, 0xFF, 0xED, 0xA0, 0x80, .. Encoding.UTF8.GetBytes("\0")];

        await client.PublishAsync(new PublishFields(topic) { QoS = 1, PacketId = 90, Bytes = payload });

        Assert.Equal(payload, (await client.ReceiveAsync()).Bytes);
    }
}

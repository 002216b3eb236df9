using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class MalformedTests
{
    [Theory]
    [InlineData("10")]
    [InlineData("1020000400")]
    [InlineData("GET / HTTP")]
    public async Task Ends_a_torn_or_foreign_connection_before_CONNECT(string bytes)
    {
        await using var node = await BrokerNode.StartAsync();
        using var raw = await RawMqtt.OpenAsync(node.Port);

        await raw.SendAsync(bytes.StartsWith('1') ? Convert.FromHexString(bytes) : System.Text.Encoding.ASCII.GetBytes(bytes));
        raw.FinishSending();

        Assert.Empty(await raw.ReadToEndAsync());
    }

    [Theory]
    [InlineData("10FFFFFFFF01")]
    [InlineData("10FFFFFF7F")]
    [InlineData("108020")]
    [InlineData("3003")]
    public async Task Refuses_what_no_CONNECT_can_be_without_waiting_for_the_rest(string hex)
    {
        await using var node = await BrokerNode.StartAsync();
        using var raw = await RawMqtt.OpenAsync(node.Port);

        await raw.SendAsync(Convert.FromHexString(hex));

        Assert.Empty(await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task Ends_a_connection_that_is_torn_after_CONNECT()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        await raw.SendAsync([0x30, 0x7F, 0x00]);
        raw.FinishSending();

        Assert.Empty(await raw.ReadToEndAsync());
    }

    [Theory]
    [InlineData("32FFFF0F", 0x95)]
    [InlineData("30FFFFFFFF01", 0x81)]
    public async Task Tells_an_MQTT_5_client_why_it_is_disconnected(string hex, byte reason)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var raw = await RawMqtt.OpenAsync(node.Port);
        await raw.SendAsync(RawMqtt.Connect("truck-1", "truck-1", "secret-truck-1", keepAlive: 30, version: 5));
        var head = await raw.ReadAsync(2);
        await raw.ReadAsync(head[1]);

        await raw.SendAsync(Convert.FromHexString(hex));

        Assert.Equal([0xE0, 0x02, reason, 0x00], await raw.ReadToEndAsync());
    }

    [Theory]
    [InlineData("art/devices/+/position")]
    [InlineData("art/devices/truck-1/#")]
    [InlineData("art/devices/truck-1/position\0")]
    public async Task Ends_the_connection_for_a_topic_that_is_none(string topic)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        await raw.SendAsync(RawMqtt.Publish(topic, Payloads.Json(), quality: 1, packetId: 1));

        Assert.Empty(await raw.ReadToEndAsync());
        Assert.Empty(node.Spool.Received);
    }

    [Fact]
    public async Task Serves_others_after_a_flood_of_garbage()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            garbage[0] = i % 2 == 0 ? (byte)0x10 : garbage[0];
            using var raw = await RawMqtt.OpenAsync(node.Port);
            await raw.SendAsync(garbage);
            raw.FinishSending();
            await raw.ReadToEndAsync();
        }

        var result = await Mosquitto.PublishAsync(
            node, "truck-1", "secret-truck-1", "art/devices/truck-1/position", Payloads.Json(), "-q", "1");
        Assert.True(result.ExitCode == 0, result.Error);
        await Soon.TrueAsync(() => node.Spool.Received.Count == 1);
    }
}

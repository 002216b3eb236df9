using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Devices;

public sealed class ControlTests
{
    private const string Idle = """{"requestId":null,"intervalMs":30000,"minDisplacementM":50}""";

    [Fact]
    public async Task Tells_a_device_what_it_drives_for_and_how_often_to_send()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var device = await Mosquitto.SubscribeAsync(
            node, "truck-1", "secret-truck-1", "-q", "1", "-t", "art/devices/truck-1/control");
        Assert.Equal($"> 1 1 art/devices/truck-1/control {Idle}", await device.ReadMessageAsync());

        var (request, _) = node.Fleet.AddRequest("truck-1");
        var active = $$"""{"requestId":"{{request.RequestId}}","intervalMs":2000,"minDisplacementM":5}""";
        Assert.Equal($"> 0 1 art/devices/truck-1/control {active}", await device.ReadMessageAsync());

        node.Fleet.Change(request.RequestId, _ => null);
        Assert.Equal($"> 0 1 art/devices/truck-1/control {Idle}", await device.ReadMessageAsync());
    }
}

using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    [Fact]
    public async Task Who_looked_first_does_not_have_the_last_word()
    {
        await using var node = await BrokerNode.StartAsync();
        var topics = node.Services.GetRequiredService<ServerTopics>();
        var directory = new SlowDirectory(node.Fleet);
        var control = new DeviceControl(topics, directory, Options.Create(new DeviceControlOptions()));
        node.Fleet.AddDevice("truck-1");
        var (request, _) = node.Fleet.AddRequest("truck-1");
        var second = Task.CompletedTask;
        directory.Found = () =>
        {
            node.Fleet.Change(request.RequestId, _ => null);
            second = Task.Run(() => control.Update("truck-1"));
            // Long enough for the other one to be through, if nothing holds it.
            second.Wait(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        };

        control.Update("truck-1");
        await second;

        Assert.Equal(Idle, System.Text.Encoding.UTF8.GetString(topics.FindState(Topics.DeviceControl("truck-1"))!.Value.Span));
    }

    /// <summary>Something else happens between an answer and what is made of it.</summary>
    private sealed class SlowDirectory(FakeFleet fleet) : IFleetDirectory
    {
        public Action? Found { get; set; }

        public bool IsLoaded => true;

        public bool IsCurrent => true;

        public long Version => fleet.Version;

        public IEnumerable<FleetDevice> Devices => [];

        public IEnumerable<FleetRequest> Requests => [];

        public FleetDevice? FindDevice(string deviceId) => fleet.FindDevice(deviceId);

        public FleetRequest? FindRequest(Guid requestId) => fleet.FindRequest(requestId);

        public FleetRequest? FindActiveRequestOf(string deviceId)
        {
            var request = fleet.FindActiveRequestOf(deviceId);
            var found = Found;
            Found = null;
            found?.Invoke();
            return request;
        }
    }
}

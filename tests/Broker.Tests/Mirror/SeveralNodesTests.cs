using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Mirror;

/// <summary>MQTT subscribers of a node that shares its streams with another one.</summary>
public sealed class SeveralNodesTests : IAsyncLifetime
{
    private RedisServer? _redis;
    private BrokerNode? _one;
    private BrokerNode? _other;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartNewAsync(Token);
        _one = await BrokerNode.StartAsync(redis: _redis.Configuration);
        _other = await BrokerNode.StartAsync(redis: _redis.Configuration, shared: _one.Fleet);
    }

    public async ValueTask DisposeAsync()
    {
        await _other!.DisposeAsync();
        await _one!.DisposeAsync();
        _redis!.Dispose();
    }

    [Fact]
    public async Task A_subscriber_of_a_request_is_told_once_what_any_node_publishes()
    {
        var (request, token) = _one!.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);
        var topic = $"art/requests/{request.RequestId:D}";
        using var customer = await Mosquitto.SubscribeAsync(_other!, "customer", token, "-q", "1", "-t", $"{topic}/#");
        await _one.Live.PublishAsync(request.RequestId, Status(RequestStatus.EnRoute, 1_000), Token);
        await ReadAsync(customer, $"> 0 1 {topic}/status {{\"status\":\"en_route\"");

        for (var at = 1; at <= 3; at++)
        {
            await (at == 2 ? _other : _one)!.Live.PublishAsync(request.RequestId, Place(at), Token);
            Assert.EndsWith($"\"timestamp\":{at}}}", await ReadAsync(customer, $"{topic}/operator/position"), StringComparison.Ordinal);
        }

        await _other!.Live.PublishAsync(request.RequestId, Status(RequestStatus.Arrived, 2_000), Token);
        await ReadAsync(customer, "\"status\":\"arrived\"");

        // Who comes later gets what is retained here, though nobody asked when it was told elsewhere.
        var (quiet, quietToken) = _one.Fleet.AddRequest("truck-2", RequestStatus.EnRoute);
        await _one.Live.PublishAsync(quiet.RequestId, Status(RequestStatus.EnRoute, 1_000), Token);
        using var late = await Mosquitto.SubscribeAsync(
            _other, "customer", quietToken, "-q", "1", "-t", $"art/requests/{quiet.RequestId:D}/status");
        Assert.Contains("\"status\":\"en_route\"", await late.ReadMessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Presence_of_a_device_is_told_to_the_subscribers_of_all_nodes()
    {
        _one!.Fleet.AddDevice("truck-7");
        using var dispatcher = await WatchPresenceAsync(_other!);
        await _one.ConnectDeviceAsync("truck-7");
        Assert.Contains("truck-7/presence {\"state\":\"online\"", await dispatcher.ReadMessageAsync(), StringComparison.Ordinal);

        // It comes to the other node, and is put out here: nothing changes for who watches.
        using var witness = await WatchPresenceAsync(_one);
        Assert.Contains("\"online\"", await witness.ReadMessageAsync(), StringComparison.Ordinal);
        var second = await _other!.ConnectDeviceAsync("truck-7");
        await Soon.TrueAsync(() => ConnectedTo(_one) == 0);
        await second.DisconnectAsync(new MqttClientDisconnectOptions(), Token);
        Assert.Contains("\"offline\"", await dispatcher.ReadMessageAsync(), StringComparison.Ordinal);
        Assert.Contains("\"offline\"", await witness.ReadMessageAsync(), StringComparison.Ordinal);
    }

    private static int ConnectedTo(BrokerNode node) => node.Services.GetServices<IConnectedClients>()
        .SelectMany(way => way.List(TenantScope.All)).Count(client => client.DeviceId is not null);

    private static Task<Mosquitto.Subscriber> WatchPresenceAsync(BrokerNode node) => Mosquitto.SubscribeAsync(
        node, "dispatcher", node.DispatcherToken, "-q", "1", "-t", "art/devices/+/presence");

    // The mirror looks by itself for statuses that nobody has told, so one may come twice.
    private static async Task<string> ReadAsync(Mosquitto.Subscriber subscriber, string expected)
    {
        while (true)
        {
            var line = await subscriber.ReadMessageAsync();
            if (line.Contains(expected, StringComparison.Ordinal))
            {
                return line;
            }

            Assert.Contains("/status ", line, StringComparison.Ordinal);
        }
    }

    private static LocationEvent Place(long timestamp) => new(PositionRole.Operator, 48.1, 11.5, timestamp, null, null, null);

    private static StatusEvent Status(RequestStatus status, long at) => new(status, null, at, "dispatcher");
}

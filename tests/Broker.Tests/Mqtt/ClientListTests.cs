using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Mqtt;

/// <summary>Who is connected by MQTT, and how a connection is ended by somebody.</summary>
public sealed class ClientListTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_listed_with_what_it_holds_and_can_be_sent_away()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var clients = node.Services.GetRequiredService<IConnectedClients>();
        var ended = new TaskCompletionSource<MqttClientDisconnectReason>();
        var (device, _) = await node.ConnectAsync(
            node.DeviceOptions("truck-1").WithClientId("box-7").WithUserProperty("agent", "box/7"u8.ToArray()),
            client => client.DisconnectedAsync += args =>
            {
                ended.TrySetResult(args.Reason);
                return Task.CompletedTask;
            });
        await device.SubscribeAsync("art/devices/truck-1/control", cancellationToken: Token);
        await node.ConnectAsync(node.Options("dispatcher", node.DispatcherToken));

        var found = Assert.Single(clients.List(TenantScope.None), client => client.Kind == "device");

        Assert.Equal(("box-7", "truck-1", "127.0.0.1", "MQTT 5, tcp", "box/7", 1, ""), (
            found.ClientId, found.DeviceId, found.Address, found.Protocol, found.Agent, found.Subscriptions, found.Tenant));
        Assert.Equal(2, clients.List(TenantScope.All).Count());
        Assert.Empty(clients.List(TenantScope.Of("other")));
        Assert.False(clients.Disconnect(TenantScope.Of("other"), found.Id));
        Assert.False(clients.Disconnect(TenantScope.All, "nobody"));
        Assert.True(clients.Disconnect(TenantScope.None, found.Id));
        Assert.Equal(MqttClientDisconnectReason.AdministrativeAction, await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), Token));
        await Soon.TrueAsync(() => clients.List(TenantScope.All).Count() == 1);
        await Soon.TrueAsync(() => node.Spool.Events.Any(happened => happened.Reason == "AdministrativeAction"));
    }
}

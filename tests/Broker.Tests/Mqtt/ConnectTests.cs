using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class ConnectTests
{
    [Theory]
    [InlineData("truck-1", "secret-truck-1", MqttClientConnectResultCode.Success)]
    [InlineData("truck-1", "wrong", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("truck-1", "", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("truck-9", "secret-truck-9", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("off", "secret-off", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("NOT/AN/ID", "x", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("customer", "TOKEN", MqttClientConnectResultCode.Success)]
    [InlineData("customer", "DISPATCHER", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("customer", "c.00000000000000000000000000000000.x", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("customer", "nonsense", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("dispatcher", "DISPATCHER", MqttClientConnectResultCode.Success)]
    [InlineData("dispatcher", "TOKEN", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("dispatcher", "d.wrong", MqttClientConnectResultCode.BadUserNameOrPassword)]
    [InlineData("customer", "s.0123456789abcdefghi", MqttClientConnectResultCode.NotAuthorized)]
    [InlineData("", "s.0123456789abcdefghi", MqttClientConnectResultCode.NotAuthorized)]
    public async Task Lets_in_who_has_the_right_secret(string user, string password, MqttClientConnectResultCode expected)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("off", isEnabled: false);
        var (_, token) = node.Fleet.AddRequest("truck-1");
        var secret = password switch { "TOKEN" => token, "DISPATCHER" => node.DispatcherToken, _ => password };

        Assert.Equal(expected, await CodeOf(node, node.Options(user, secret)));
        Assert.Equal(expected, await CodeOf(node, node.Options(user, secret, MqttProtocolVersion.V311)));
    }

    [Fact]
    public async Task A_device_may_name_itself_by_its_client_id()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");

        Assert.Equal(
            MqttClientConnectResultCode.Success,
            await CodeOf(node, node.Options("", "secret-truck-1").WithClientId("truck-1")));
    }

    [Fact]
    public async Task Says_unavailable_and_not_ready_until_the_devices_are_loaded()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.IsLoaded = false;
        var health = node.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(MqttClientConnectResultCode.ServerUnavailable, await CodeOf(node, node.DeviceOptions("truck-1")));
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);

        node.Fleet.IsLoaded = true;
        Assert.Equal(MqttClientConnectResultCode.Success, await CodeOf(node, node.DeviceOptions("truck-1")));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task Asks_an_unknown_device_to_come_back_while_the_database_is_away()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.IsCurrent = false;

        Assert.Equal(MqttClientConnectResultCode.Success, await CodeOf(node, node.DeviceOptions("truck-1")));
        Assert.Equal(MqttClientConnectResultCode.ServerUnavailable, await CodeOf(node, node.DeviceOptions("truck-2")));
        Assert.Equal(
            MqttClientConnectResultCode.BadUserNameOrPassword, await CodeOf(node, node.Options("truck-1", "wrong")));
    }

    [Fact]
    public async Task Tells_an_MQTT_5_client_its_terms()
    {
        await using var node = await BrokerNode.StartAsync([("MaxKeepAlive", "00:01:00"), ("MaxInFlight", "7")]);
        node.Fleet.AddDevice("truck-1");

        var (_, result) = await node.ConnectAsync(
            node.DeviceOptions("truck-1").WithClientId("").WithKeepAlivePeriod(TimeSpan.FromHours(1)));

        Assert.StartsWith("auto-", result.AssignedClientIdentifier, StringComparison.Ordinal);
        Assert.Equal(60, result.ServerKeepAlive);
        Assert.Equal(7, (int?)result.ReceiveMaximum);
        Assert.Equal(64u << 10, result.MaximumPacketSize);
        Assert.False(result.IsSessionPresent);
    }

    [Fact]
    public async Task Refuses_an_old_client_without_client_id_that_wants_its_session_kept()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var raw = await RawMqtt.OpenAsync(node.Port);

        await raw.SendAsync(RawMqtt.Connect("", "truck-1", "secret-truck-1", isClean: false));

        Assert.Equal([0x20, 0x02, 0x00, 0x02], await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task A_second_connection_of_the_same_client_takes_over()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var reason = new TaskCompletionSource<MqttClientDisconnectReason>();
        var first = await node.ConnectDeviceAsync("truck-1");
        first.DisconnectedAsync += e =>
        {
            reason.TrySetResult(e.Reason);
            return Task.CompletedTask;
        };

        var second = await node.ConnectDeviceAsync("truck-1");

        Assert.Equal(MqttClientDisconnectReason.SessionTakenOver, await reason.Task);
        var result = await second.PublishAsync(
            Payloads.Position("art/devices/truck-1/position"), TestContext.Current.CancellationToken);
        Assert.Equal(MqttClientPublishReasonCode.Success, result.ReasonCode);
    }

    [Fact]
    public async Task Nobody_takes_over_somebody_else_by_using_their_client_id()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        var victim = await node.ConnectDeviceAsync("truck-1");

        await node.ConnectAsync(node.DeviceOptions("truck-2").WithClientId("truck-1"));
        await node.ConnectAsync(node.Options("dispatcher", node.DispatcherToken).WithClientId("truck-1"));

        await victim.PingAsync(TestContext.Current.CancellationToken);
        Assert.True(victim.IsConnected);
    }

    [Fact]
    public async Task Refuses_a_last_will_about_others_and_drops_one_about_the_device_itself()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");

        Assert.Equal(
            MqttClientConnectResultCode.NotAuthorized,
            await CodeOf(node, node.DeviceOptions("truck-1").WithWillTopic("art/devices/truck-2/presence").WithWillPayload("x")));
        Assert.Equal(
            MqttClientConnectResultCode.Success,
            await CodeOf(node, node.DeviceOptions("truck-1").WithWillTopic("art/devices/truck-1/presence").WithWillPayload("x")));
    }

    [Fact]
    public async Task Closes_a_connection_that_sends_no_CONNECT_in_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync(time: time);
        using var raw = await RawMqtt.OpenAsync(node.Port);
        var end = raw.ReadToEndAsync();

        await Soon.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(11));
            return end.IsCompleted;
        });

        Assert.Empty(await end);
    }

    [Fact]
    public async Task Closes_a_silent_client_after_one_and_a_half_keep_alives()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync(time: time);
        node.Fleet.AddDevice("truck-1");
        using var raw = await RawMqtt.OpenAsync(node.Port);
        await raw.SendAsync(RawMqtt.Connect("truck-1", "truck-1", "secret-truck-1", keepAlive: 10, version: 5));
        var head = await raw.ReadAsync(2);
        await raw.ReadAsync(head[1]);

        time.Advance(TimeSpan.FromSeconds(14));
        await raw.SendAsync([0xC0, 0x00]);
        Assert.Equal([0xD0, 0x00], await raw.ReadAsync(2));
        time.Advance(TimeSpan.FromSeconds(14));
        await raw.SendAsync([0xC0, 0x00]);
        Assert.Equal([0xD0, 0x00], await raw.ReadAsync(2));
        time.Advance(TimeSpan.FromSeconds(14));
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal([0xE0, 0x02, 0x8D, 0x00], await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task Takes_no_more_connections_than_allowed()
    {
        await using var node = await BrokerNode.StartAsync([("MaxConnections", "2")]);
        node.Fleet.AddDevice("truck-1");
        using var first = await RawMqtt.ConnectDeviceAsync(node, "truck-1");
        using var second = await RawMqtt.OpenAsync(node.Port);
        await second.SendAsync(RawMqtt.Connect("x", "truck-1", "secret-truck-1"));
        Assert.Equal([0x20, 0x02, 0x00, 0x00], await second.ReadAsync(4));

        using (var third = await RawMqtt.OpenAsync(node.Port))
        {
            Assert.Empty(await third.ReadToEndAsync());
        }

        second.Dispose();
        await Soon.TrueAsync(() => node.Services.GetRequiredService<ClientConnections>().SignedIn == 1);
        await node.ConnectDeviceAsync("truck-1");
    }

    private static async Task<MqttClientConnectResultCode> CodeOf(BrokerNode node, MqttClientOptionsBuilder options)
    {
        var (client, result) = await node.ConnectAsync(options);
        await client.DisconnectAsync();
        return result.ResultCode;
    }
}

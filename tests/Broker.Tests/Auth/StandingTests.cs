using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Auth;

/// <summary>What is taken back ends the connections that were made with it.</summary>
public sealed class StandingTests
{
    [Fact]
    public async Task A_device_that_is_disabled_is_cut_while_others_stay()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        var (reason, _) = await ConnectAsync(node, node.DeviceOptions("truck-1"));
        var (_, other) = await ConnectAsync(node, node.DeviceOptions("truck-2"));

        node.Fleet.Change("truck-1", device => device with { IsEnabled = false });

        Assert.Equal(MqttClientDisconnectReason.AdministrativeAction, await reason);
        await other.PingAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_replaced_secret_keeps_a_connection_until_its_time_is_over()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync(time: time);
        var device = node.Fleet.AddDevice("truck-1");
        var (reason, client) = await ConnectAsync(node, node.DeviceOptions("truck-1").WithKeepAlivePeriod(TimeSpan.FromMinutes(10)));

        node.Fleet.Change("truck-1", d => d with
        {
            SecretHash = node.Fleet.Hasher.Hash("new"),
            PreviousSecretHash = device.SecretHash,
            PreviousSecretUntil = time.GetUtcNow().AddSeconds(30),
        });
        time.Advance(TimeSpan.FromSeconds(10));
        await client.PingAsync(TestContext.Current.CancellationToken);
        Assert.False(reason.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, await reason);
    }

    [Fact]
    public async Task A_token_that_is_revoked_is_cut_and_stays_out_while_others_of_its_key_stay()
    {
        await using var node = await BrokerNode.StartAsync();
        var revoked = node.Services.GetRequiredService<RevokedTokens>();
        var (mine, others) = (Sign("t-1"), Sign("t-2"));
        var (reason, _) = await ConnectAsync(node, node.Options(TokenSignIn.TokenName, mine));
        var (_, other) = await ConnectAsync(node, node.Options(TokenSignIn.TokenName, others));

        revoked.Add(new RevokedToken("t-1", TimeProvider.System.GetUtcNow().AddHours(1)));

        Assert.Equal(MqttClientDisconnectReason.AdministrativeAction, await reason);
        await other.PingAsync(TestContext.Current.CancellationToken);
        var (_, again) = await node.ConnectAsync(node.Options(TokenSignIn.TokenName, mine));
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, again.ResultCode);

        static string Sign(string id) => TestToken.Sign(
            Authenticators.TokenKey, TestToken.Claims(("role", "dispatcher"), ("sub", id), ("jti", id)));
    }

    [Fact]
    public async Task The_customer_of_a_request_that_ends_hears_so_before_the_connection_ends()
    {
        await using var node = await BrokerNode.StartAsync();
        var (request, token) = node.Fleet.AddRequest("truck-1");
        var heard = new TaskCompletionSource<string>();
        var (reason, client) = await ConnectAsync(node, node.Options("customer", token), c =>
            c.ApplicationMessageReceivedAsync += e =>
            {
                heard.TrySetResult(e.ApplicationMessage.ConvertPayloadToString());
                return Task.CompletedTask;
            });
        await client.SubscribeAsync(
            $"art/requests/{request.RequestId:D}/#", cancellationToken: TestContext.Current.CancellationToken);

        node.Fleet.Change(request.RequestId, _ => null);
        await node.Live.PublishAsync(
            request.RequestId, new StatusEvent(RequestStatus.Completed, RequestStatus.InProgress, 1, "dispatcher"),
            TestContext.Current.CancellationToken);

        Assert.Contains("completed", await heard.Task, StringComparison.Ordinal);
        Assert.Equal(MqttClientDisconnectReason.AdministrativeAction, await reason);
    }

    [Fact]
    public async Task Who_fails_too_often_is_not_heard_for_a_while()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync([("SignIn:MaxFailuresPerMinute", "3")], time);
        node.Fleet.AddDevice("truck-1");
        for (var i = 0; i < 3; i++)
        {
            var (_, wrong) = await node.ConnectAsync(node.Options("truck-1", "wrong"));
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, wrong.ResultCode);
        }

        var (_, refused) = await node.ConnectAsync(node.DeviceOptions("truck-1"));
        Assert.Equal(MqttClientConnectResultCode.ConnectionRateExceeded, refused.ResultCode);

        time.Advance(TimeSpan.FromMinutes(2));
        var (_, accepted) = await node.ConnectAsync(node.DeviceOptions("truck-1"));
        Assert.Equal(MqttClientConnectResultCode.Success, accepted.ResultCode);
    }

    private static async Task<(Task<MqttClientDisconnectReason> Reason, IMqttClient Client)> ConnectAsync(
        BrokerNode node, MqttClientOptionsBuilder options, Action<IMqttClient>? prepare = null)
    {
        var reason = new TaskCompletionSource<MqttClientDisconnectReason>();
        var (client, _) = await node.ConnectAsync(options, c =>
        {
            prepare?.Invoke(c);
            c.DisconnectedAsync += e =>
            {
                reason.TrySetResult(e.Reason);
                return Task.CompletedTask;
            };
        });
        return (reason.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), client);
    }
}

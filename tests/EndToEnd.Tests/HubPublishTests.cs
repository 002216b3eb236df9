using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Positions that come over the hub: with the rights of MQTT, durable when answered, shown and stored.</summary>
public sealed class HubPublishTests(TimescaleServer server)
{
    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operator_and_customer_publish_over_the_hub_and_nobody_for_the_other()
    {
        await using var node = await NodeProcess.StartNewAsync(
            server, "--Tokens:SymmetricKey", Convert.ToBase64String(_key), "--Tokens:Issuer", TestToken.Issuer,
            "--Tokens:Audience", TestToken.Audience);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.2, 11.6);
        await using var watcher = await HubWatcher.JoinAsync(node, job);
        await using var customer = await ConnectAsync(node, job.Token);
        await using var device = await ConnectAsync(node, TestToken.Sign(
            _key, TestToken.Claims(("role", "device"), ("device_id", job.Device.DeviceId))));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var one = await InvokeAsync(device, "location:update", job, new { lat = 48.15, lng = 11.58, timestamp = now - 1_000, speed = 9.5 });
        var many = await InvokeAsync(customer, "customer:location", job, new[]
        {
            new { lat = 48.2, lng = 11.6, timestamp = now - 3_000 }, new { lat = 48.2001, lng = 11.6, timestamp = now - 2_000 },
        });

        Assert.Equal((1, 2), (one, many));
        Assert.Equal(now - 1_000, (await watcher.NextAsync()).Time);
        await RefusedAsync("publish_not_allowed", customer, "location:update", job, new { lat = 48.15, lng = 11.58, timestamp = now });
        await RefusedAsync("publish_not_allowed", device, "customer:location", job, new { lat = 48.15, lng = 11.58, timestamp = now });
        await RefusedAsync("position_field_missing", device, "location:update", job, new { lat = 48.15 });
        await RefusedAsync("position_field_out_of_range", device, "location:update", job, new { lat = 95, lng = 11.58, timestamp = now });
        await using var boss = await ConnectAsync(node, node.Secret("dispatcher-token"));
        await RefusedAsync("publish_not_allowed", boss, "location:update", job, new { lat = 48.15, lng = 11.58, timestamp = now });

        await node.DrainedAsync();
        Assert.Equal([now - 1_000], (await dispatcher.RouteAsync(job.RequestId)).Select(point => point.Time));
        Assert.Equal(
            [now - 3_000, now - 2_000], (await dispatcher.CustomerRouteAsync(job.RequestId)).Select(point => point.Time));
    }

    private static async Task<HubConnection> ConnectAsync(NodeProcess node, string token)
    {
        var connection = new HubConnectionBuilder().WithUrl(
            new Uri(node.Address, "/hubs/tracking"),
            options => options.AccessTokenProvider = () => Task.FromResult<string?>(token)).Build();
        await connection.StartAsync(Token);
        return connection;
    }

    private static Task<int> InvokeAsync(HubConnection connection, string method, Job job, object positions) =>
        connection.InvokeAsync<int>(method, job.RequestId.ToString(), JsonSerializer.SerializeToElement(positions), Token);

    private static async Task RefusedAsync(
        string code, HubConnection connection, string method, Job job, object position)
    {
        var refused = await Assert.ThrowsAsync<HubException>(() => InvokeAsync(connection, method, job, position));
        Assert.Contains($"{code}: ", refused.Message, StringComparison.Ordinal);
    }
}

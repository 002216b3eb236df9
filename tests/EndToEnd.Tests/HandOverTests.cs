using System.Net;
using System.Net.Sockets;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>What clients of a node see that is one of several, and is told to stop.</summary>
public sealed class HandOverTests(TimescaleServer server)
{
    private const int Devices = 8;
    private static readonly TimeSpan _spread = TimeSpan.FromSeconds(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sigterm_makes_it_unready_then_sends_clients_away_one_after_another()
    {
        using var redis = await RedisServer.StartNewAsync(Token);
        await using var node = await NodeProcess.StartNewAsync(
            server, "--ConnectionStrings:Redis", redis.Configuration, "--Drain:Notice", "00:00:01", "--Drain:Spread", $"{_spread}");
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        var ends = new List<Task<long>>();
        for (var i = 0; i < Devices; i++)
        {
            ends.Add(await ConnectAsync(node, await dispatcher.CreateDeviceAsync()));
        }

        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(node.Address, "/hubs/tracking"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(job.Token))
            .WithAutomaticReconnect([TimeSpan.FromMinutes(1)])
            .Build();
        var reconnecting = new TaskCompletionSource();
        hub.Reconnecting += _ => Task.FromResult(reconnecting.TrySetResult());
        await hub.StartAsync(Token);
        using var client = new HttpClient { BaseAddress = node.Address, DefaultRequestHeaders = { { "Authorization", $"Bearer {job.Token}" } } };
        var events = $"/api/requests/{job.RequestId}";
        await using var stream = await client.GetStreamAsync(new Uri($"{events}/stream", UriKind.Relative), Token);
        var cursor = (await dispatcher.EventsAsync(job)).GetProperty("cursor").GetString();
        var poll = client.GetAsync(new Uri($"{events}/events?wait=30&since={cursor}", UriKind.Relative), Token);

        var stopping = node.StopAsync();
        await Soon.TrueAsync("a node that is not ready", async () =>
        {
            using var health = await node.GetAsync("/health/ready");
            return health.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        await stream.CopyToAsync(Stream.Null, Token);
        using var answer = await poll;
        var times = await Task.WhenAll(ends);
        await reconnecting.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(await stopping == 0, node.Log);
        Assert.InRange(TimeProvider.System.GetElapsedTime(times.Min(), times.Max()), _spread / 4, TimeSpan.MaxValue);
    }

    // When the node ended the connection.
    private static async Task<Task<long>> ConnectAsync(NodeProcess node, Credential device)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, node.MqttPort, Token);
        await new MqttWire(client.GetStream()).ConnectAsync(device, Token);
        return EndAsync(client);
    }

    private static async Task<long> EndAsync(TcpClient client)
    {
        using (client)
        {
            while (await client.GetStream().ReadAsync(new byte[100], Token) > 0)
            {
                // Whatever the broker says to its devices.
            }

            return TimeProvider.System.GetTimestamp();
        }
    }
}

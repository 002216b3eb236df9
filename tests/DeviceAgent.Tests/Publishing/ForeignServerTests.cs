using System.Collections.Concurrent;
using System.Text.Json;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

/// <summary>Servers that are not ours, and what is no server at all.</summary>
public sealed class ForeignServerTests
{
    private const string DeviceId = "truck-1";

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mqtt")]
    [InlineData("ws")]
    [InlineData("http")]
    public async Task Nothing_that_is_said_ends_the_agent(string scheme)
    {
        await using var nonsense = new NonsenseServer();
        using var server = await Mosquitto.StartAsync();
        await using var spool = new MemorySpool(new SpoolOptions());
        Assert.True(ServerEndpoint.TryParse($"{scheme}://127.0.0.1:{nonsense.Port}", tls: false, out var deceiver));
        await using (var publisher = Create(spool, options => options with { Servers = deceiver }))
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    await PublishAsync(publisher, 10);
                    return nonsense.Connections >= 200 || publisher.Completion.IsCompleted;
                },
                Token);
        }

        await using var second = Create(spool, options => options with { Servers = To(server.Port) });

        // A PUBACK, or an answer 200, that somebody made up is one: nobody can tell.
        Assert.True(await second.DrainAsync(_limit));
    }

    [Fact]
    public async Task Others_are_told_that_the_device_is_gone()
    {
        using var server = await Mosquitto.StartAsync();
        await using var network = new TcpProxy(server.Port);
        await using var spool = new MemorySpool(new SpoolOptions());
        await using var publisher = Create(
            spool, options => options with { Servers = To(network.Port), LeavesWill = true });
        await PublishAsync(publisher, 1);
        Assert.True(await publisher.DrainAsync(_limit));

        network.Target = Ports.Free();
        network.Cut();

        var told = new ConcurrentQueue<string>();
        using var watcher = await ListenAsync(server.Port, Topics.DevicePresence(DeviceId), told);
        await WaitAsync(() => !told.IsEmpty);
        using var presence = JsonDocument.Parse(told.First());
        Assert.Equal("offline", presence.RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_the_server_kept_while_the_device_was_away_is_heard()
    {
        using var server = await Mosquitto.StartAsync();
        await using var spool = new MemorySpool(new SpoolOptions());
        static PublisherOptions Resuming(PublisherOptions options, int port) => options with
        {
            Servers = To(port),
            ControlTopic = Topics.DeviceControl(DeviceId),
            SessionExpiry = TimeSpan.FromHours(1),
        };
        await using (var before = Create(spool, options => Resuming(options, server.Port)))
        {
            await PublishAsync(before, 1);
            Assert.True(await before.DrainAsync(_limit));
        }

        // Not retained: only a session that is resumed has it.
        using var dispatcher = await ListenAsync(server.Port, "none", []);
        await dispatcher.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic(Topics.DeviceControl(DeviceId))
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithPayload("""{"requestId":null,"intervalMs":7000,"minDisplacementM":9}""").Build(),
            Token);

        var wishes = new ConcurrentQueue<DeviceControl?>();
        await using var again = Create(spool, options => Resuming(options, server.Port), wishes.Enqueue);
        await WaitAsync(() => wishes.Contains(new DeviceControl(null, 7000, 9)));
    }

    private static IReadOnlyList<ServerEndpoint> To(int port) => [new(ServerScheme.Mqtt, "127.0.0.1", port)];

    private static Task WaitAsync(Func<bool> condition) => Eventually.TrueAsync(condition, Token);

    private static async Task<IMqttClient> ListenAsync(int port, string filter, ConcurrentQueue<string> heard)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += args =>
        {
            heard.Enqueue(args.ApplicationMessage.ConvertPayloadToString());
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), Token);
        await client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, Token);
        return client;
    }

    private static async Task PublishAsync(PositionPublisher publisher, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await publisher.PublishAsync(
                new Position(i * 1e-5, 0, DateTimeOffset.FromUnixTimeSeconds(1_780_000_000 + i)), Token);
        }
    }

    private static PositionPublisher Create(
        ISpool spool, Func<PublisherOptions, PublisherOptions> change, Action<DeviceControl?>? controlled = null) => new(
        change(new PublisherOptions
        {
            Servers = [],
            DeviceId = DeviceId,
            Credentials = new DeviceCredentials { Secret = "secret" },
            Topic = Topics.DevicePosition(DeviceId),
            FirstDelay = TimeSpan.FromMilliseconds(1),
            LongestDelay = TimeSpan.FromMilliseconds(2),
            AnswerTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(2),
        }),
        spool, TimeProvider.System, new Random(1), NullLogger<PositionPublisher>.Instance, controlled);
}

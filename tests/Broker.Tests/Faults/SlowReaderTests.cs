using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>A subscriber that stops reading costs itself only.</summary>
[Collection(Alone.Name)]
public sealed class SlowReaderTests
{
    private const int SmallBuffer = 4_096;
    private static readonly string _large = new('x', 4_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Others_do_not_notice_and_memory_stays_bounded(int qos)
    {
        await using var node = await FaultNode.StartAsync(("UnreadTimeout", "00:10:00"));
        using var flooder = await node.ConnectAsync();
        var quick = await FloodAsync(node, flooder, await SubscribeAsync(node, "quick", qos), "quick", qos, reads: true);
        var before = Memory.Used();

        using var slow = await SubscribeAsync(node, "slow", qos);
        var stalled = await FloodAsync(node, flooder, slow, "slow", qos, reads: false);

        // 80 MB were published; at most a thousand of them wait.
        Assert.InRange(Memory.Used() - before, long.MinValue, 32 * Memory.Megabyte);
        Assert.True(
            stalled < (quick * 10) + TimeSpan.FromMilliseconds(20), $"Round trips took {stalled} beside a slow reader, {quick} beside a quick one.");
    }

    [Theory]
    [InlineData("00:00:02", "100000", "it reads nothing for too long")]
    [InlineData("00:10:00", "1000", "too much waits for it")]
    public async Task Is_disconnected_when(string unreadTimeout, string maxQueued, string why)
    {
        Assert.NotEmpty(why);
        await using var node = await FaultNode.StartAsync(("UnreadTimeout", unreadTimeout), ("MaxQueuedPerClient", maxQueued));
        using var witness = await node.ConnectAsync();
        await witness.SubscribeAsync("gone", 1);
        using var slow = await SubscribeAsync(node, "slow", qos: 0);
        using var flooder = await node.ConnectAsync();

        await FloodAsync(node, flooder, slow, "slow", qos: 0, reads: false);

        Assert.Equal("slow", (await witness.ReceiveAsync()).Payload);
    }

    [Fact]
    public async Task Of_live_positions_the_newest_of_each_topic_waits()
    {
        await using var node = await BrokerNode.StartAsync([("UnreadTimeout", "00:10:00")]);
        var requests = Enumerable.Range(0, 3).Select(_ => node.Fleet.AddRequest("truck").Request.RequestId).ToList();
        using var slow = await WireClient.OpenAsync(new(System.Net.IPAddress.Loopback, node.Port), Level.V311, SmallBuffer);
        await slow.ConnectAsync(new ConnectFields { User = "dispatcher", Password = node.DispatcherToken });
        await slow.SubscribeAsync("art/requests/+/operator/position");
        const int Count = 20_000;

        for (var i = 1; i <= Count; i++)
        {
            foreach (var request in requests)
            {
                var position = new Position(i / 1_000.0, 11.5, DateTimeOffset.UnixEpoch.AddSeconds(i));
                await node.Live.PublishAsync(
                    request, LocationEvent.Of(PositionRole.Operator, position), TestContext.Current.CancellationToken);
            }
        }

        var last = new Dictionary<string, string>();
        while (last.Count < requests.Count || last.Values.Any(p => !p.Contains($"\"timestamp\":{Count * 1_000L}", StringComparison.Ordinal)))
        {
            var message = await slow.ReadAsync(PacketType.Publish);
            last[message.Topic] = message.Payload;
        }
    }

    private static async Task<WireClient> SubscribeAsync(FaultNode node, string topic, int qos)
    {
        var client = await node.ConnectAsync(
            new ConnectFields { KeepAliveSeconds = 0, Will = new Will("gone", topic) { QoS = 1 } }, receiveBufferBytes: SmallBuffer);
        await client.SubscribeAsync(topic, (byte)qos);
        return client;
    }

    // Twenty thousand messages, and round trips of other clients between them.
    private static async Task<TimeSpan> FloodAsync(
        FaultNode node, WireClient flooder, WireClient subscriber, string topic, int qos, bool reads)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < 200; i++)
        {
            for (var j = 0; j < 100; j++)
            {
                await flooder.PublishAsync(topic, _large, qos);
                if (reads)
                {
                    await subscriber.ReceiveAsync();
                }
            }

            await flooder.PingAsync();
            times.Add(await node.RoundTripAsync());
        }

        return times.Order().ElementAt(times.Count / 2);
    }
}

using System.Globalization;
using System.Text.Json;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.TestKit.Chaos;

namespace ArtMqtt.Broker.Tests.Chaos;

/// <summary>
/// One session over many connections, TCP and WebSocket in turns, through networks that cut, half-close, stall, delay and
/// refuse. <c>ARTMQTT_CHAOS_EVENTS</c> and <c>ARTMQTT_CHAOS_SEED</c> say how much and which.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(5);
    private static readonly int _events = Read("ARTMQTT_CHAOS_EVENTS") ?? 800;
    private readonly int _seed = Read("ARTMQTT_CHAOS_SEED") ?? Random.Shared.Next();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Quality 1 is at least once: what is repeated says so. Quality 2 is exactly once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_subscriber_gets_every_message_in_order(byte qos)
    {
        await using var node = await BrokerNode.StartAsync(
            [("Conformance:Enabled", "true"), ("MaxQueuedPerClient", "100000"), ("MaxPublishesPerSecond", "1000000")]);
        await using var networks = new Networks(node, _seed, output);
        var topic = Names.Topic();
        var subscriber = new ChaosSubscriber(networks.Client(), topic, qos);
        var running = subscriber.RunAsync(messages => messages.Any(message => message.Payload == $"{_events - 1}"));
        await Task.WhenAny(running, subscriber.Subscribed).Unwrap();
        using var publisher = await WireClient.OpenAsync(new(System.Net.IPAddress.Loopback, node.Port), Level.V311);
        await publisher.ConnectAsync();

        for (var i = 0; i < _events; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos);
            await Task.Delay(_pace, TimeProvider.System, Token);
        }

        await running;
        var firsts = subscriber.Messages.DistinctBy(message => message.Payload).ToList();
        Assert.Equal(Enumerable.Range(0, _events).Select(i => $"{i}"), firsts.Select(message => message.Payload));
        var repeated = subscriber.Messages.Except(firsts).ToList();
        Assert.All(repeated, message => Assert.Equal((1, true), (message.QoS, message.IsDuplicate)));
        output.WriteLine($"{repeated.Count + subscriber.Repetitions} repetitions.");
    }

    /// <summary>What watchers of a request are promised over MQTT: every status, and places that never go back.</summary>
    [Fact]
    public async Task A_customer_gets_every_status_and_no_place_twice_or_backwards()
    {
        await using var node = await BrokerNode.StartAsync([("MaxQueuedPerClient", "100000")]);
        await using var networks = new Networks(node, _seed, output);
        var (request, token) = node.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);
        var topic = $"art/requests/{request.RequestId:D}";
        var subscriber = new ChaosSubscriber(networks.Client("customer", token), $"{topic}/#", 1);
        var lastStatus = long.MaxValue;
        var running = subscriber.RunAsync(messages => messages.Any(message => IsStatus(message) && At(message) == lastStatus)
            && messages.Any(message => !IsStatus(message) && Timestamp(message) > lastStatus));
        await Task.WhenAny(running, subscriber.Subscribed).Unwrap();

        var statuses = new List<long>();
        // Places go on until one comes through: with quality 0 none of them is sure to.
        for (long i = 1; i <= _events || !running.IsCompleted; i++)
        {
            var isStatus = i < _events && i % 3 == 0;
            await node.Live.PublishAsync(
                request.RequestId,
                isStatus ? new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, i, "test")
                    : LocationEvent.Of(PositionRole.Operator, new Position(48, 11, DateTimeOffset.FromUnixTimeMilliseconds(i))),
                Token);
            if (isStatus)
            {
                statuses.Add(i);
                lastStatus = i + 3 >= _events ? i : lastStatus;
            }

            await Task.Delay(_pace, TimeProvider.System, Token);
        }

        await running;
        // What the broker itself had retained before has the time of a clock.
        var received = subscriber.Messages.Where(message => IsStatus(message) && At(message) <= _events).ToList();
        var firsts = received.DistinctBy(At).ToList();
        Assert.Equal(statuses, firsts.Select(At));
        Assert.All(received.Except(firsts), message => Assert.True(message.IsDuplicate, $"{message}"));
        var places = subscriber.Messages.Where(message => !IsStatus(message)).Select(Timestamp).ToList();
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair.Second} came after {pair.First}."));
        output.WriteLine($"{received.Count - firsts.Count} repetitions of {firsts.Count} statuses, {places.Count} places.");
    }

    /// <summary>A position that was acknowledged is in the spool, in order; one that was sent again may be there twice.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_device_gets_every_position_into_the_spool(byte qos)
    {
        await using var node = await BrokerNode.StartAsync([("LiveInterval", "00:00:00")]);
        await using var networks = new Networks(node, _seed, output);
        node.Fleet.AddDevice("truck-1");
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (1_000L * _events);
        var publisher = new ChaosPublisher(
            networks.Client("truck-1", "secret-truck-1"), "art/devices/truck-1/position", qos, _events,
            i => $$"""{"lat":48,"lng":11,"timestamp":{{start + i}},"seq":{{i}}}""");

        await publisher.RunAsync();

        List<int> stored = [.. node.Spool.Received.SelectMany(received => received.Positions)
            .Select(received => (int)received.Position.Sequence!.Value)];
        Assert.Equal(Enumerable.Range(0, _events), stored.Distinct());
        Assert.InRange(stored.Count - _events, 0, qos == 1 ? publisher.SentAgain : 0);
        output.WriteLine($"{publisher.SentAgain} positions were sent again, {stored.Count - _events} are there twice.");
    }

    private static bool IsStatus(ServerPacket message) => message.Topic.EndsWith("/status", StringComparison.Ordinal);

    private static long At(ServerPacket message) => JsonDocument.Parse(message.Payload).RootElement.GetProperty("at").GetInt64();

    private static long Timestamp(ServerPacket message) =>
        JsonDocument.Parse(message.Payload).RootElement.GetProperty("timestamp").GetInt64();

    private static int? Read(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A bad network in front of each of a broker's ports.</summary>
    private sealed class Networks : IAsyncDisposable
    {
        private readonly ChaosProxy _tcp;
        private readonly ChaosProxy _web;
        private readonly Random _random;
        private readonly ITestOutputHelper _output;
        private readonly List<ChaosClient> _clients = [];

        public Networks(BrokerNode node, int seed, ITestOutputHelper output)
        {
            output.WriteLine($"ARTMQTT_CHAOS_SEED={seed}, ARTMQTT_CHAOS_EVENTS={_events}");
            (_tcp, _web) = (new ChaosProxy(node.Port, seed), new ChaosProxy(node.HttpPort, seed + 1));
            (_random, _output) = (new Random(seed), output);
            _tcp.LetLoose();
            _web.LetLoose();
        }

        public ChaosClient Client(string? user = null, string? password = null)
        {
            _clients.Add(new ChaosClient(_tcp, _web, _random, user, password));
            return _clients[^1];
        }

        public async ValueTask DisposeAsync()
        {
            _output.WriteLine($"TCP: {_tcp}; WebSocket: {_web}; {_clients.Sum(client => client.Connections)} connections.");
            await _tcp.DisposeAsync();
            await _web.DisposeAsync();
        }
    }
}

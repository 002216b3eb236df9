using System.Net;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>A broker that anybody may use, for tests that misuse it, and a pair of clients that must not notice.</summary>
internal sealed class FaultNode : IAsyncDisposable
{
    private readonly BrokerNode _node;
    private readonly string _topic = Names.Topic();

    private FaultNode(BrokerNode node) => _node = node;

    public IPEndPoint Address => new(IPAddress.Loopback, _node.Port);

    /// <summary>Subscribed to what <see cref="RoundTripAsync"/> publishes.</summary>
    public WireClient Witness { get; private set; } = null!;

    public WireClient Publisher { get; private set; } = null!;

    /// <summary>Starts it; the limits on what one client may send are lifted, everything else is as it comes.</summary>
    public static async Task<FaultNode> StartAsync(params (string Option, string Value)[] settings)
    {
        var node = new FaultNode(await BrokerNode.StartAsync(
        [
            ("Conformance:Enabled", "true"), ("MaxPublishesPerSecond", "1000000"), ("MaxBytesPerSecond", "1073741824"),
            .. settings,
        ]));
        node.Publisher = await node.ConnectAsync();
        node.Witness = await node.ConnectAsync();
        await node.Witness.SubscribeAsync(node._topic);
        await node.RoundTripAsync();
        return node;
    }

    public async Task<WireClient> ConnectAsync(
        ConnectFields? fields = null, Level level = Level.V311, int? receiveBufferBytes = null)
    {
        var client = await WireClient.OpenAsync(Address, level, receiveBufferBytes);
        Assert.Equal(Reason.Success, (await client.ConnectAsync(fields ?? new ConnectFields { KeepAliveSeconds = 0 })).Code);
        return client;
    }

    /// <summary>A message from the publisher to the witness; how long it took.</summary>
    public async Task<TimeSpan> RoundTripAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        await Publisher.PublishAsync(_topic, "round trip");
        await Witness.ReadAsync(PacketType.Publish);
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>The median of some round trips.</summary>
    public async Task<TimeSpan> MedianRoundTripAsync(int count = 101)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
        {
            times.Add(await RoundTripAsync());
        }

        return times.Order().ElementAt(count / 2);
    }

    public async ValueTask DisposeAsync()
    {
        Witness?.Dispose();
        Publisher?.Dispose();
        await _node.DisposeAsync();
    }
}

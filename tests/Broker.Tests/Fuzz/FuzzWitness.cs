using System.Net;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>A client that goes on publishing to itself, and takes the time.</summary>
internal sealed class FuzzWitness : IDisposable
{
    private readonly WireClient _client;
    private readonly string _topic = $"witness/{Names.Unique("w")}/of/the/fuzz/run";
    private readonly List<double> _milliseconds = [];

    private FuzzWitness(WireClient client) => _client = client;

    public static async Task<FuzzWitness> ConnectAsync(IPEndPoint server)
    {
        var client = await WireClient.OpenAsync(server, Level.V5);
        Assert.Equal(Reason.Success, (await client.ConnectAsync(new ConnectFields { KeepAliveSeconds = 0 })).Code);
        var witness = new FuzzWitness(client);
        await client.SubscribeAsync(witness._topic, 1);
        return witness;
    }

    /// <summary>Publishes and receives until it is told to stop; a message that does not come back fails the test.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await _client.PublishAsync(_topic, $"{i}", 1);
            Assert.Equal($"{i}", (await _client.ReceiveAsync()).Payload);
            _milliseconds.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
            await Pass.SecondsAsync(0.02);
        }
    }

    /// <summary>What it saw, in words.</summary>
    public override string ToString()
    {
        var sorted = _milliseconds.Order().ToList();
        return $"{sorted.Count} messages of the witness came back, after {sorted[sorted.Count / 2]:F2} ms (median), "
            + $"{sorted[(int)(sorted.Count * 0.99)]:F2} ms (p99), {sorted[^1]:F2} ms (longest)";
    }

    public void Dispose() => _client.Dispose();
}

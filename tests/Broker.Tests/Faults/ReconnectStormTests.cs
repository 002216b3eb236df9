using System.Net;
using System.Net.Sockets;
using ArtMqtt.Broker.Tests.Support.Wire;

namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>A whole fleet comes back in the same moment.</summary>
[Collection(Alone.Name)]
public sealed class ReconnectStormTests
{
    [Fact]
    public async Task All_get_in_but_not_all_at_once()
    {
        const int Clients = 4_000;
        const int PerSecond = 1_000;
        await using var node = await FaultNode.StartAsync(
            ("MaxConnectsPerSecond", $"{PerSecond}"), ("ConnectTimeout", "00:02:00"), ("MaxConnectionsPerAddress", "10000"));
        var started = TimeProvider.System.GetTimestamp();

        var storm = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => ConnectAsync(node.Address)));
        while (!storm.IsCompleted)
        {
            await node.RoundTripAsync();
            await Pass.SecondsAsync(0.05);
        }

        var sockets = await storm;
        // A second's worth may come at once; the rest waits for its turn.
        Assert.True(TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds((Clients / PerSecond) - 2));
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint server)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, limit.Token);
        await socket.SendAsync(new ConnectFields { KeepAliveSeconds = 0 }.Encode(Level.V311), limit.Token);
        var answer = new byte[4];
        for (var read = 0; read < answer.Length;)
        {
            var more = await socket.ReceiveAsync(answer.AsMemory(read), limit.Token);
            Assert.True(more > 0, "A client was turned away.");
            read += more;
        }

        Assert.Equal([0x20, 0x02, 0x00, 0x00], answer);
        return socket;
    }
}

using System.Net.Sockets;
using System.Net.WebSockets;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.TestKit.Chaos;

namespace ArtMqtt.Broker.Tests.Chaos;

/// <summary>A client with one session over many connections: each over TCP or WebSocket by chance, each as long as it likes.</summary>
internal sealed class ChaosClient(
    ChaosProxy tcp, ChaosProxy web, Random random, string? user = null, string? password = null)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);
    private readonly string _clientId = Names.Unique("chaos");

    /// <summary>How many connections got as far as CONNACK.</summary>
    public int Connections { get; private set; }

    /// <summary>Connects again and again, until it is done.</summary>
    /// <param name="isDone">Asked before each connection.</param>
    /// <param name="useAsync">What to do on a connection, and whether the broker knew the session.</param>
    public async Task RunAsync(Func<bool> isDone, Func<MqttLink, bool, CancellationToken, Task> useAsync)
    {
        while (!isDone())
        {
            using var mood = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            mood.CancelAfter(TimeSpan.FromMilliseconds(random.Next(30, 1_500)));
            try
            {
                using var link = await MqttLink.OpenAsync(tcp, web, random, mood.Token);
                var answer = await link.ConnectAsync(_clientId, user, password, mood.Token);
                Connections++;
                await useAsync(link, answer.IsSessionPresent, mood.Token);
            }
            // The last: a WebSocketStream whose socket is not open any more says that it cannot be read.
            catch (Exception e) when (e is IOException or SocketException or WebSocketException or OperationCanceledException
                or NotSupportedException)
            {
                await Task.Delay(_pause, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}

using System.Globalization;
using System.Net;
using ArtMqtt.Broker.Tests.Faults;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.Fuzz;

/// <summary>
/// Packets that are broken by chance, before and after CONNECT, against the broker on real sockets. A short run belongs
/// to the tests; <c>ARTMQTT_FUZZ_PACKETS</c> makes it as long as wanted (docs: bench/README.md).
/// </summary>
[Collection(Alone.Name)]
public sealed class PacketFuzzTests(ITestOutputHelper output)
{
    private static readonly long _packets = long.Parse(
        Environment.GetEnvironmentVariable("ARTMQTT_FUZZ_PACKETS") ?? "200000", CultureInfo.InvariantCulture);

    private static readonly int _firstCase = int.Parse(
        Environment.GetEnvironmentVariable("ARTMQTT_FUZZ_FIRST_CASE") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Harm_nothing_and_nobody()
    {
        var log = new FaultLog();
        await using var node = await BrokerNode.StartAsync(
            [
                ("Conformance:Enabled", "true"), ("MaxConnectsPerSecond", "1000000"), ("MaxPublishesPerSecond", "1000000"),
                ("MaxBytesPerSecond", "1073741824"), ("State:MaxDetachedSessions", "100"), ("State:MaxRetainedMessages", "100"),
            ],
            log: log);
        var server = new IPEndPoint(IPAddress.Loopback, node.Port);
        using var witness = await FuzzWitness.ConnectAsync(server);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var watching = witness.WatchAsync(stop.Token);
        // What is allocated once does not count.
        await new FuzzRun(server, 5_000, 1).PlayAsync(TestContext.Current.CancellationToken);
        var before = Memory.Used();
        var started = TimeProvider.System.GetTimestamp();

        var run = new FuzzRun(server, _packets, _firstCase);
        await Task.WhenAny(run.PlayAsync(TestContext.Current.CancellationToken), watching);
        Assert.False(watching.IsFaulted, $"{watching.Exception}");
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await watching;

        var grown = (Memory.Used() - before) / (double)Memory.Megabyte;
        output.WriteLine($"{run.Sent:N0} packets in {run.Cases:N0} cases, {run.Sent / seconds:N0}/s; {witness}; memory grew by {grown:F1} MB.");
        Assert.Empty(log.Faults);
        Assert.Empty(run.Stuck);
        Assert.True(grown < 64, $"Memory grew by {grown:F1} MB.");
    }
}

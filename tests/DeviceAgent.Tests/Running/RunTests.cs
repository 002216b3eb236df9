using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.DeviceAgent.Tests.Publishing;
using ArtMqtt.DeviceAgent.Tests.Sources;
using ArtMqtt.TestKit;
using MQTTnet;
using MQTTnet.Protocol;

namespace ArtMqtt.DeviceAgent.Tests.Running;

public sealed class RunTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TcpListener _receiver = new(IPAddress.Loopback, 0);

    public RunTests() => _receiver.Start();

    public void Dispose()
    {
        _receiver.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_fix_taken_is_delivered_though_agent_and_server_are_killed_again_and_again()
    {
        using var server = await Mosquitto.StartAsync();
        var received = new List<DateTimeOffset>();
        var second = 0;
        for (var round = 0; round < 3; round++)
        {
            // Offline: everything goes to the disk.
            await server.KillAsync(TestContext.Current.CancellationToken);
            using (var offline = Start(server.Port))
            {
                using var cable = await _receiver.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                for (var i = 0; i < 150; i++)
                {
                    await SendAsync(cable, Nmea.Moment(second++));
                }

                await Eventually.TrueAsync(() => IsOnDiskAsync(second - 1), TestContext.Current.CancellationToken);
                await offline.KillAsync();
            }

            await server.StartAgainAsync(TestContext.Current.CancellationToken);
            using var subscriber = await Subscriber.ConnectAsync(server.Port);
            using var online = Start(server.Port);
            await WaitAsync(() => subscriber.Received.Select(r => r.Position.FixTime).Distinct().Count() >= 150);
            using var again = await _receiver.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await SendAsync(again, Nmea.Moment(second++));
            await WaitAsync(() => subscriber.Received.Any(r => r.Position.FixTime == At(second - 1)));
            await online.KillAsync();
            received.AddRange(subscriber.Received.Select(r => r.Position.FixTime));
        }

        Assert.Equal(Enumerable.Range(0, second).Select(At), received.Distinct().Order());
    }

    [Fact]
    public async Task Does_what_the_server_asks_on_control()
    {
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        using var control = new MqttClientFactory().CreateMqttClient();
        await control.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", server.Port).Build(),
            TestContext.Current.CancellationToken);
        await control.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("art/devices/truck-1/control").WithRetainFlag()
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithPayload("""{"requestId":null,"intervalMs":30000,"minDisplacementM":50}""").Build(),
            TestContext.Current.CancellationToken);
        using var agent = Start(server.Port, keepAll: false);
        using var cable = await _receiver.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await WaitAsync(() => agent.Log.Any(line => line.Contains("is connected", StringComparison.Ordinal)));

        // The wish applies to the fix behind it; which one that is, nobody knows.
        var second = 0;
        while (!agent.Log.Any(line => line.Contains("every 30000 ms", StringComparison.Ordinal)))
        {
            await SendAsync(cable, Nmea.Moment(second++, Moving(second)));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var from = second;
        for (; second < from + 400; second++)
        {
            await SendAsync(cable, Nmea.Moment(second, Moving(second)));
        }

        // The newest may come first, the ones before it behind it.
        var kept = new List<DateTimeOffset>();
        await WaitAsync(() =>
        {
            kept = [.. subscriber.Received.Select(r => r.Position.FixTime).Where(t => t > At(from + 30)).Order()];
            return kept.Count >= 10 && kept[^1] >= At(from + 365);
        });
        Assert.All(kept.Zip(kept.Skip(1)), pair =>
            Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(30), $"{pair.First} {pair.Second}"));
        Assert.InRange(kept.Count, 10, 14);
    }

    private static DateTimeOffset At(int second) => new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero).AddSeconds(second);

    // About 18 m a second to the north.
    private static string Moving(int second) =>
        (4800 + (second * 0.01)).ToString("0000.000", CultureInfo.InvariantCulture);

    private static async Task SendAsync(TcpClient cable, string text) => await cable.GetStream().WriteAsync(
        Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    private static Task WaitAsync(Func<bool> condition) =>
        Eventually.TrueAsync(condition, TestContext.Current.CancellationToken);

    private AgentProcess Start(int port, bool keepAll = true) => new(
    [
        "--source", $"tcp:127.0.0.1:{((IPEndPoint)_receiver.LocalEndpoint).Port}", "--device", "truck-1",
        "--server", $"127.0.0.1:{port}", "--spool", Path.Combine(_folder.Path, "spool"),
        .. keepAll ? ["--keep-all"] : Array.Empty<string>(),
    ]);

    private async Task<bool> IsOnDiskAsync(int second) =>
        (await SpoolCopy.ReadAsync(Path.Combine(_folder.Path, "spool"))).LastOrDefault() == At(second);
}

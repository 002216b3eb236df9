using System.Net;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.DeviceAgent.Tests.Publishing;
using ArtMqtt.DeviceAgent.Tests.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Running;

/// <summary>The disk in a vehicle: full, worn, torn by a power cut.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TcpListener _receiver = new(IPAddress.Loopback, 0);
    private int _second;

    public DiskTests() => _receiver.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _receiver.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_makes_fixes_wait_and_loses_none()
    {
        await using var disk = new SmallDisk();
        var reason = await disk.TryMountAsync(8);
        Assert.SkipWhen(reason is not null, reason ?? "");
        using var server = await Mosquitto.StartAsync();
        await server.KillAsync(TestContext.Current.CancellationToken);
        using var agent = Start(server.Port, Path.Combine(disk.Path, "spool"));
        using var cable = await _receiver.AcceptTcpClientAsync(Token);
        await SendAsync(cable, 20);
        await WaitAsync(() => Directory.Exists(Path.Combine(disk.Path, "spool")));

        disk.Fill(leave: 0);
        await Eventually.TrueAsync(
            async () =>
            {
                // Until what the open file has reserved is used up.
                await SendAsync(cable, 100);
                return agent.Log.Any(line => line.Contains("cannot be kept", StringComparison.Ordinal));
            },
            Token);
        disk.Free();
        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        using var subscriber = await Subscriber.ConnectAsync(server.Port);

        await WaitAsync(() => IsAllIn(subscriber, _second - 1));
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_does_not_keep_those_who_watch_from_seeing_the_device()
    {
        await using var disk = new SmallDisk();
        var reason = await disk.TryMountAsync(8);
        Assert.SkipWhen(reason is not null, reason ?? "");
        var spool = Path.Combine(disk.Path, "spool");
        using var server = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        await server.KillAsync(TestContext.Current.CancellationToken);
        using (var before = Start(server.Port, spool))
        {
            using var earlier = await _receiver.AcceptTcpClientAsync(Token);
            await SendAsync(earlier, 10);
            await WaitAsync(() => HasSegment(spool));
            await before.KillAsync();
        }

        await disk.RemountAsync(isReadOnly: true);
        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        using var now = await Subscriber.ConnectAsync(server.Port);
        using var agent = Start(server.Port, spool);
        using var cable = await _receiver.AcceptTcpClientAsync(Token);
        var first = _second;
        await SendAsync(cable, 20);

        await WaitAsync(() => now.Received.Any(r => r.Position.FixTime == At(_second - 2)));
        Assert.Contains(agent.Log, line => line.Contains("cannot be written", StringComparison.Ordinal));
        Assert.Contains(now.Received, r => r.Position.FixTime == At(first));
    }

    [Fact]
    public async Task What_a_power_cut_tore_is_passed_over_and_all_else_is_delivered()
    {
        var spool = Path.Combine(_folder.Path, "spool");
        var whole = new List<DateTimeOffset>();
        using var server = await Mosquitto.StartAsync();
        await server.KillAsync(TestContext.Current.CancellationToken);
        for (var round = 0; round < 3; round++)
        {
            using var agent = Start(server.Port, spool);
            using var cable = await _receiver.AcceptTcpClientAsync(Token);
            await SendAsync(cable, 50);
            await Eventually.TrueAsync(
                async () => HasSegment(spool) && (await SpoolCopy.ReadAsync(spool)).LastOrDefault() >= At(_second - 2), Token);
            await agent.KillAsync();
            whole = await SpoolCopy.ReadAsync(spool);
            Tear(spool);
            whole.RemoveAt(whole.Count - 1);
            Assert.Equal(whole, await SpoolCopy.ReadAsync(spool));
        }

        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        using var subscriber = await Subscriber.ConnectAsync(server.Port);
        using var last = Start(server.Port, spool);

        await WaitAsync(() => subscriber.Received.Count >= whole.Count);
        Assert.Equal(whole, subscriber.Received.Select(r => r.Position.FixTime).Order());
    }

    private static DateTimeOffset At(int second) => new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero).AddSeconds(second);

    private static Task WaitAsync(Func<bool> condition) => Eventually.TrueAsync(condition, Token);

    private static bool IsAllIn(Subscriber subscriber, int last) =>
        subscriber.Received.Select(r => r.Position.FixTime).Distinct().Count() >= last;

    private static bool HasSegment(string spool) => Directory.Exists(spool) && Newest(spool) is not null;

    private static FileInfo? Newest(string spool) => new DirectoryInfo(spool).GetFiles()
        .Where(file => file.Name is not ("lock" or "reader.lock" or "end" or "acknowledged" or "agent.sock")).MaxBy(file => file.Name);

    // The end of the last record never reached the medium; what it was to overwrite still is there.
    private static void Tear(string spool)
    {
        using var file = Newest(spool)!.Open(FileMode.Open, FileAccess.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var end = Array.FindLastIndex(bytes, b => b != 0) + 1;
        file.Position = end - 5;
        file.Write(new byte[5]);
    }

    private async Task SendAsync(TcpClient cable, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await cable.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Nmea.Moment(_second++)), Token);
        }
    }

    private AgentProcess Start(int port, string spool) => new(
        "--source", $"tcp:127.0.0.1:{((IPEndPoint)_receiver.LocalEndpoint).Port}", "--device", "truck-1",
        "--server", $"127.0.0.1:{port}", "--spool", spool, "--keep-all");
}

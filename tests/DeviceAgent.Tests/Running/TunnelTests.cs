using System.Net;
using System.Net.Sockets;
using System.Text;
using ArtMqtt.DeviceAgent.Status;
using ArtMqtt.DeviceAgent.Tests.Servers;
using ArtMqtt.DeviceAgent.Tests.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Running;

/// <summary>A drive through tunnels: whatever was taken arrives, once, whatever breaks on the way.</summary>
public sealed class TunnelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Tunnels = 16;

    private readonly int _seed = Random.Shared.Next();
    private readonly TestFolder _folder = new();
    private readonly TcpListener _receiver = new(IPAddress.Loopback, 0);
    private readonly TrackingServer _server = new();
    private readonly HashSet<DateTimeOffset> _sent = [];
    private readonly HashSet<DateTimeOffset> _taken = [];
    private TcpProxy _mqtt = null!;
    private TcpProxy _http = null!;
    private AgentProcess _agent = null!;
    private TcpClient _cable = null!;
    private long _inThisRun;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Spool => Path.Combine(_folder.Path, "spool");

    public async ValueTask InitializeAsync()
    {
        _receiver.Start();
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "secret"), $"secret-{TrackingServer.DeviceId}", Token);
        await _server.StartAsync();
        (_mqtt, _http) = (new TcpProxy(_server.MqttPort), new TcpProxy(_server.HttpPort));
        await StartAgentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _agent.Dispose();
        _cable.Dispose();
        _receiver.Dispose();
        await _mqtt.DisposeAsync();
        await _http.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Everything_that_was_taken_arrives_once()
    {
        output.WriteLine($"Seed {_seed}");
        var random = new Random(_seed);
        for (var tunnel = 0; tunnel < Tunnels; tunnel++)
        {
            await SendAsync(random.Next(1, 30));
            await PassAsync(tunnel % 5, random);
            await SendAsync(random.Next(1, 30));
            if (random.Next(2) == 0)
            {
                await TakenAsync();
            }
        }

        await TakenAsync();
        await WaitAsync(status => status.Waiting == 0);
        var received = (await _server.ReceivedAsync()).ConvertAll(position => position.FixTime);
        var once = received.ToHashSet();
        output.WriteLine(
            $"{_sent.Count} sent, {_taken.Count} known to be taken, {once.Count} arrived, {received.Count - once.Count} of them again.");
        Assert.Superset(_taken, once);
        Assert.Subset(_sent, once);
    }

    // One second to one hour, a thousand times faster.
    private static Task DriveAsync(Random random) => Task.Delay(
        TimeSpan.FromMilliseconds(Math.Pow(10, random.NextDouble() * 3.55)), TimeProvider.System, Token);

    private async Task PassAsync(int what, Random random)
    {
        switch (what)
        {
            case 0:
                // No answer to anything: a tunnel.
                _mqtt.Stall();
                _http.Stall();
                await SendAsync(random.Next(30));
                await DriveAsync(random);
                _mqtt.Heal();
                _http.Heal();
                break;
            case 1:
                // The network goes away, and comes back with MQTT blocked.
                _mqtt.Target = Ports.Free();
                _mqtt.Cut();
                _http.Cut();
                await SendAsync(random.Next(30));
                await DriveAsync(random);
                break;
            case 2:
                _mqtt.Target = _server.MqttPort;
                await TakenAsync();
                await SendAsync(random.Next(30));
                await _agent.KillAsync();
                await StartAgentAsync();
                break;
            case 3:
                await _server.StopAsync();
                await SendAsync(random.Next(30));
                await DriveAsync(random);
                await _server.StartAsync();
                break;
            default:
                _mqtt.CutAfter(random.Next(1, 2_000));
                _http.CutAfter(random.Next(1, 2_000));
                break;
        }
    }

    private async Task StartAgentAsync()
    {
        _agent?.Dispose();
        _cable?.Dispose();
        _agent = new AgentProcess(
            "--source", $"tcp:127.0.0.1:{((IPEndPoint)_receiver.LocalEndpoint).Port}", "--keep-all",
            "--device", TrackingServer.DeviceId, "--secret-file", Path.Combine(_folder.Path, "secret"), "--spool", Spool,
            "--climb-interval", "1", "--server", $"mqtt://127.0.0.1:{_mqtt.Port}",
            "--server", $"ws://127.0.0.1:{_http.Port}", "--server", $"http://127.0.0.1:{_http.Port}");
        _cable = await _receiver.AcceptTcpClientAsync(Token);
        _inThisRun = 0;
    }

    private async Task SendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var time = new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero).AddSeconds(_sent.Count);
            await _cable.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Nmea.Moment(_sent.Count)), Token);
            _sent.Add(time);
            _inThisRun++;
        }
    }

    // What the agent says it kept is on its disk: from here on it must arrive.
    private async Task TakenAsync()
    {
        await WaitAsync(status => status.Kept == _inThisRun);
        _taken.UnionWith(_sent.Skip((int)(_sent.Count - _inThisRun)));
    }

    private Task WaitAsync(Func<AgentStatus, bool> condition) => Eventually.TrueAsync(
        async () =>
        {
            await foreach (var status in StatusReader.ReadAsync(Spool, Token))
            {
                return condition(status);
            }

            return false;
        },
        Token);
}

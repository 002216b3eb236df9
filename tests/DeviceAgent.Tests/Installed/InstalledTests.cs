using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.DeviceAgent.Status;
using ArtMqtt.DeviceAgent.Tests.Demo;
using ArtMqtt.DeviceAgent.Tests.Publishing;
using ArtMqtt.DeviceAgent.Tests.Servers;
using ArtMqtt.DeviceAgent.Tests.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Installed;

/// <summary>
/// What is trimmed away is missed only when it is used: every source, every way and every verb of the published file.
/// </summary>
public sealed class InstalledTests : IAsyncLifetime
{
    private const string DeviceId = TrackingServer.DeviceId;

    private static readonly Dictionary<string, string> _nothing = [];

    private readonly TestCertificates _files = new();
    private TrackingServer _server = null!;
    private int _spools;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string[] Trust => ["--ca-file", _files["ca.pem"]];

    private string[] Secret => ["--secret-file", _files["secret"]];

    public async ValueTask InitializeAsync()
    {
        await _files.MakeAuthorityAsync("ca");
        await _files.MakeServerAsync("server", "ca");
        await WriteAsync("secret", $"secret-{DeviceId}");
        _server = new TrackingServer(_files);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Delivers_on_every_way_what_files_and_standard_input_hold()
    {
        await _files.MakeAsync("device", "ca", $"/CN={DeviceId}", "extendedKeyUsage=clientAuth");
        await WriteAsync("token", TestToken.Sign(TrackingServer.TokenKey, TestToken.Claims(
            ("sub", DeviceId), ("role", "device"),
            ("exp", TimeProvider.System.GetUtcNow().AddDays(3650).ToUnixTimeSeconds()))));
        await WriteAsync("log.nmea", Nmea.Moment(1) + Nmea.Moment(2) + Nmea.Moment(3));
        await WriteAsync("positions.json", """
            {"lat":48.1,"lng":11.5,"timestamp":1795773600000}
            [{"lat":48.1001,"lng":11.5,"timestamp":"2026-11-27T10:00:01Z"},{"lat":48.1002,"lng":11.5,"timestamp":1795773602000}]
            """);
        await WriteAsync("agent.json", JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["server"] = new[] { Url("mqtts") },
            ["ca-file"] = _files["ca.pem"],
            ["format"] = "json",
            ["when-full"] = "wait",
            ["control"] = "batch",
        }));
        var (nmea, json) = ($"nmea:{_files["log.nmea"]}", $"json:{_files["positions.json"]}");
        string[] certificate = ["--certificate", _files["device.pem"], "--certificate-key", _files["device.key"]];

        await AssertRunAsync(_nothing, [.. Secret, "--source", nmea, "--config", _files["agent.json"]]);
        await AssertRunAsync(_nothing, [.. certificate, .. Trust, "--source", json, "--server", Url("mqtts")]);
        await AssertRunAsync(
            new() { ["ARTMQTT_SECRET"] = $"secret-{DeviceId}", ["ARTMQTT_SERVER"] = Url("ws"), ["ARTMQTT_SOURCE"] = nmea }, []);
        await AssertRunAsync(_nothing, ["--token-file", _files["token"], .. Trust, "--source", json, "--server", Url("wss")]);
        await AssertRunAsync(_nothing, [.. Secret, "--source", "nmea:-", "--server", Url("http")], Nmea.Moment(1) + Nmea.Moment(2) + Nmea.Moment(3));
        await AssertRunAsync(_nothing, ["--token-file", _files["token"], .. Trust, "--source", json, "--server", Url("https")]);

        Assert.Equal(6 * 3, (await _server.ReceivedAsync()).Count);
    }

    [Fact]
    public async Task Replays_and_simulates()
    {
        await WriteAsync("drive.gpx", "<gpx><trk><trkseg>" + string.Concat(Enumerable.Range(0, 30).Select(i =>
            $"<trkpt lat=\"48.{i:00}\" lon=\"11\"><time>2026-11-27T10:00:{i:00}Z</time></trkpt>")) + "</trkseg></trk></gpx>");
        await WriteAsync("log", string.Concat(Enumerable.Range(0, 30).Select(i => Nmea.Moment(i))));
        await WriteAsync("fleet.json", $$"""[{"deviceId":"{{DeviceId}}","secret":"secret-{{DeviceId}}"}]""");
        string[] all =
        [
            "replay drive.gpx --speed max --format json", "replay log --speed max --request 0b8e7bb6-0c1b-4e8a-9d0f-3f6a52a1c001 --drain 0",
            "simulate --city 48.1,11.5 --credentials fleet.json --duration 30 --speed 20",
        ];
        foreach (var one in all)
        {
            var arguments = one.Split(' ').Select(a => a is "drive.gpx" or "log" or "fleet.json" ? _files[a] : a);
            string[] device = one.StartsWith("replay", StringComparison.Ordinal) ? ["--device", DeviceId, .. Secret] : [];
            using var agent = await InstalledAgent.StartAsync(
                _nothing, [.. arguments, .. device, "--server", Url("mqtt"), "--json"]);
            var (code, output) = await agent.EndAsync();
            using var totals = JsonDocument.Parse(output);

            // A request that nobody was assigned to takes no position: it stays with the agent.
            Assert.Equal(one.Contains("--request", StringComparison.Ordinal) ? 2 : 0, code);
            Assert.InRange(totals.RootElement.GetProperty("published").GetInt32(), 30, 31);
        }

        using var streets = await InstalledAgent.StartAsync(_nothing, "streets", "--at", "48.1,11.5", "--out", _files["streets"]);
        Assert.Equal(0, (await streets.EndAsync()).ExitCode);
        Assert.Contains("LineString", await File.ReadAllTextAsync(_files["streets"], Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hears_every_kind_of_receiver()
    {
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        using var serial = new PseudoTerminal();
        using var port = new PseudoTerminal();
        using var gpsd = Gpsd.Serve(port.Name);
        using var udp = new UdpClient();
        var at = Ports.Free();
        udp.Connect(IPAddress.Loopback, at);
        var cable = tcp.AcceptTcpClientAsync(Token).AsTask();
        Dictionary<string, Action<string>> receivers = new()
        {
            [$"tcp:127.0.0.1:{((IPEndPoint)tcp.LocalEndpoint).Port}"] = text => cable.Result.GetStream().Write(Encoding.ASCII.GetBytes(text)),
            [$"serial:{serial.Name}@4800"] = serial.Send,
            [$"udp:127.0.0.1:{at}"] = text => Datagram(udp, text),
            [$"gpsd:127.0.0.1:{gpsd.Port}"] = port.Send,
        };
        var second = 0;
        foreach (var (source, send) in receivers)
        {
            var spool = Spool();
            using var agent = await InstalledAgent.StartAsync(_nothing,
                [.. Run(spool), .. Secret, "--source", source, "--server", Url("mqtt"), "--keep-all"]);
            var isTcp = source.StartsWith("tcp", StringComparison.Ordinal);
            await Eventually.TrueAsync(
                async () =>
                {
                    if (!isTcp || cable.IsCompleted)
                    {
                        send(Nmea.Moment(second++));
                    }

                    return agent.HasEnded || await AcknowledgedAsync(spool) >= 3;
                },
                Token);

            agent.Stop();
            var (code, output) = await agent.EndAsync();
            Assert.True(code == 0, $"{source}: {code} {string.Join('\n', agent.Log)}");
            Assert.Contains("\"acknowledged\":", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tells_what_it_does_and_what_is_wrong()
    {
        var spool = Spool();
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(_files["notify"]));
        using var agent = await InstalledAgent.StartAsync(
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = _files["notify"], ["WATCHDOG_USEC"] = "100000" },
            [.. Run(spool), .. Secret, "--source", "sim:48,11", "--server", Url("mqtt"), "--keep-all", "--daily-kib", "100000"]);
        var heard = new byte[100];
        Assert.Equal("READY=1", Encoding.ASCII.GetString(heard, 0, await manager.ReceiveAsync(heard, Token)));
        Assert.Equal("WATCHDOG=1", Encoding.ASCII.GetString(heard, 0, await manager.ReceiveAsync(heard, Token)));
        await Eventually.TrueAsync(async () => await AcknowledgedAsync(spool) >= 1, Token);

        // Without TLS it runs on machines that have none of it.
        Assert.DoesNotContain("libssl", agent.Mapped, StringComparison.Ordinal);
        Assert.Contains("empty", (await RunAsync("status", "--spool", spool)).Output, StringComparison.Ordinal);
        Assert.StartsWith("{", (await RunAsync("status", "--spool", spool, "--json")).Output, StringComparison.Ordinal);
        var (code, report) = await RunAsync(
            ["doctor", .. Run(spool)[1..^1], .. Secret, .. Trust, "--source", "sim:48,11", "--server", Url("mqtts"), "--server", Url("https")]);
        Assert.Equal(0, code);
        Assert.Contains($"Signed in as {DeviceId}", report, StringComparison.Ordinal);
        Assert.Contains("An agent runs there", report, StringComparison.Ordinal);
        Assert.Contains("--min-interval", (await RunAsync("run", "--help")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("run", "--device", DeviceId, "--spool", spool, "--when-full", "panic")).ExitCode);
    }

    [Fact]
    public async Task Drives_a_demo()
    {
        using var broker = await Mosquitto.StartAsync();
        using var subscriber = await Subscriber.ConnectAsync(broker.Port);
        using var api = new FakeServer();
        await using var front = await HttpFront.StartAsync(api);
        await WriteAsync("dispatcher", "d.token");
        using var agent = await InstalledAgent.StartAsync(_nothing,
            "demo", "--http", front.Address, "--server", $"127.0.0.1:{broker.Port}", "--token-file", _files["dispatcher"],
            "--folder", _files["demo"], "--vehicles", "2", "--city", "41.9,12.5", "--speed", "600");

        await Eventually.TrueAsync(
            () => agent.HasEnded || (subscriber.Received.Select(r => r.Topic).Distinct().Count() == 2
                && api.Requests.Values.Any(statuses => statuses.Contains("completed"))),
            Token);
        agent.Stop();
        var (code, output) = await agent.EndAsync();

        Assert.True(code == 0, string.Join('\n', agent.Log));
        Assert.Contains("mosquitto_pub", output, StringComparison.Ordinal);
        Assert.StartsWith("{", await File.ReadAllTextAsync(Path.Combine(_files["demo"], "demo.json"), Token), StringComparison.Ordinal);
    }

    private static void Datagram(UdpClient udp, string text)
    {
        try
        {
            udp.Send(Encoding.ASCII.GetBytes(text));
        }
        catch (SocketException)
        {
            // Nobody listens yet.
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        using var agent = await InstalledAgent.StartAsync(_nothing, arguments);
        return await agent.EndAsync();
    }

    private static async Task<long> AcknowledgedAsync(string spool) =>
        (await StatusReader.ReadAsync(spool, Token).FirstOrDefaultAsync(Token))?.Acknowledged ?? 0;

    private static string[] Run(string spool) => ["run", "--device", DeviceId, "--spool", spool, "--json"];

    private string Spool() => _files[string.Create(CultureInfo.InvariantCulture, $"spool-{_spools++}")];

    private string Url(string scheme) => $"{scheme}://127.0.0.1:" + scheme switch
    {
        "mqtt" => _server.MqttPort,
        "mqtts" => _server.MqttsPort,
        "ws" or "http" => _server.HttpPort,
        _ => _server.HttpsPort,
    };

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(_files[name], text, Token);

    // Three fixes, and the source ends.
    private async Task AssertRunAsync(Dictionary<string, string> environment, string[] arguments, string? input = null)
    {
        using var agent = await InstalledAgent.StartAsync(environment, [.. Run(Spool()), "--min-interval", "0", "--keep-all", .. arguments]);
        await agent.TellAsync(input ?? "");
        var (code, output) = await agent.EndAsync();
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code}\n{string.Join('\n', agent.Log)}");
        using var totals = JsonDocument.Parse(output);
        Assert.Equal(3, totals.RootElement.GetProperty("acknowledged").GetInt32());
    }
}

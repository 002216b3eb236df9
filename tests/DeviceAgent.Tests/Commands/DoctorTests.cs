using System.CommandLine;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.DeviceAgent.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Commands;

public sealed class DoctorTests : IAsyncLifetime
{
    private readonly TestCertificates _files = new();
    private TrackingServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        await _files.MakeAuthorityAsync("ca");
        await _files.MakeServerAsync("server", "ca");
        await File.WriteAllTextAsync(
            _files["secret"], $"secret-{TrackingServer.DeviceId}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_files["wrong"], "wrong", TestContext.Current.CancellationToken);
        _server = new TrackingServer(_files);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Finds_nothing_wrong_where_nothing_is()
    {
        var (code, report) = await RunAsync(
            "--server", $"mqtts://127.0.0.1:{_server.MqttsPort}", "--server", $"https://127.0.0.1:{_server.HttpsPort}",
            "--ca-file", _files["ca.pem"], "--secret-file", _files["secret"], "--source", "sim:48,11");

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains($"Signed in as {TrackingServer.DeviceId}", report, StringComparison.Ordinal);
        Assert.Contains("ok       receiver: sim:48,11", report, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refused", "nobody listens on port")]
    [InlineData("untrusted", "certificate is not believed")]
    [InlineData("secret", "Check --device and the secret")]
    [InlineData("foreign", "A proxy or captive portal may have answered")]
    [InlineData("silent", "is blocked on the way")]
    [InlineData("name", "Check the name")]
    public async Task Says_what_to_do(string ill, string advice)
    {
        await using var silent = new TcpProxy(_server.MqttPort);
        silent.Stall();
        using var foreign = new TestAuthority();
        var server = ill switch
        {
            "refused" => $"mqtt://127.0.0.1:{Ports.Free()}",
            "untrusted" => $"mqtts://127.0.0.1:{_server.MqttsPort}",
            "foreign" => foreign.Address,
            "silent" => $"mqtt://127.0.0.1:{silent.Port}",
            "name" => "mqtt://nowhere.invalid",
            _ => $"mqtt://127.0.0.1:{_server.MqttPort}",
        };

        var (code, report) = await RunAsync(
            "--server", server, "--secret-file", _files[ill == "secret" ? "wrong" : "secret"], "--source", "sim:48,11",
            "--wait", ill == "silent" ? "0.3" : "10");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(advice, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_and_a_disk_that_are_not_there_are_found()
    {
        var (code, report) = await RunAsync(
            "--server", $"mqtt://127.0.0.1:{_server.MqttPort}", "--secret-file", _files["secret"],
            "--source", $"gpsd:127.0.0.1:{Ports.Free()}", "--wait", "0.2", "--spool", "/proc/artmqtt");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("told nothing within", report, StringComparison.Ordinal);
        Assert.Contains("/proc/artmqtt cannot be written", report, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Report)> RunAsync(params string[] more)
    {
        await using var output = new StringWriter();
        string[] spool = more.Contains("--spool") ? [] : ["--spool", _files["spool"]];
        var code = await new RootCommand { new DoctorCommand().Build() }
            .Parse(["doctor", "--device", TrackingServer.DeviceId, .. spool, .. more])
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = output, EnableDefaultExceptionHandler = false },
                TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The front door: one command brings up everything, Ctrl-C takes down everything.</summary>
public sealed partial class UpTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly (int Http, int Mqtt, int Database) _ports = (Ports.Free(), Ports.Free(), Ports.Free());
    private readonly List<string> _said = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Brings_up_a_fleet_that_drives_and_leaves_nothing_behind()
    {
        using var up = Start("--http-port", $"{_ports.Http}", "--mqtt-port", $"{_ports.Mqtt}", "--vehicles", "1");
        try
        {
            var link = await CustomerLinkAsync(up);
            await DrivesAsync(link);
        }
        finally
        {
            await InterruptAsync(up);
        }

        Assert.True(up.ExitCode == 130, string.Join('\n', _said));
        Assert.All([_ports.Http, _ports.Mqtt, _ports.Database], port => Assert.False(Listens(port), $"{port} is open"));
    }

    [Theory]
    [InlineData("--mqtt-port", "0", "--mqtt-port must be 1 to 65535")]
    [InlineData("--at", "Munich", "--at must be LAT,LNG")]
    [InlineData("--data", "/proc/nowhere", "/proc/nowhere cannot be written")]
    [InlineData("--fleet", "3", "unknown option --fleet")]
    public async Task Says_what_is_wrong_before_it_does_anything(string option, string value, string reason)
    {
        var result = await ProcessRunner.RunAsync(Info(option, value), TimeSpan.FromMinutes(2));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
    }

    // Whoever runs the tests in the background of a script has SIGINT ignored, and that is inherited.
    private ProcessStartInfo Info(params IEnumerable<string> arguments) =>
        new("env", ["--default-signal=INT", "bash", Path.Combine(Repository.Root, "compose", "up"), .. arguments])
        {
            Environment = { ["TS_PREFIX"] = TimescaleServer.Prefix, ["TS_PORT"] = $"{_ports.Database}" },
        };

    private Process Start(params IEnumerable<string> arguments)
    {
        var info = Info([.. arguments, "--data", _folder.Path]);
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        var up = new Process { StartInfo = info };
        up.OutputDataReceived += (_, line) => Keep(line.Data);
        up.ErrorDataReceived += (_, line) => Keep(line.Data);
        up.Start();
        up.BeginOutputReadLine();
        up.BeginErrorReadLine();
        return up;
    }

    private void Keep(string? line)
    {
        lock (_said)
        {
            _said.Add(line ?? "");
        }
    }

    // It builds first, so this takes minutes on a clean checkout; only its end is a failure.
    private async Task<Match> CustomerLinkAsync(Process up)
    {
        while (true)
        {
            lock (_said)
            {
                var link = _said.Select(line => Link().Match(line)).FirstOrDefault(match => match.Success);
                if (link is not null)
                {
                    return link;
                }

                Assert.False(up.HasExited, string.Join('\n', _said));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token);
        }
    }

    private async Task DrivesAsync(Match link)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_ports.Http}") };
        using var page = await client.GetAsync(link.Value, Token);
        Assert.True(page.IsSuccessStatusCode);

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", link.Groups["token"].Value);
        await Soon.TrueAsync("a route of the demo's vehicle", async () =>
            (await client.GetStringAsync($"/api/requests/{link.Groups["id"].Value}/route", Token))
                .Contains("LineString", StringComparison.Ordinal));
    }

    private static async Task InterruptAsync(Process up)
    {
        if (!up.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", $"{up.Id}"]);
            await kill.WaitForExitAsync(Token);
        }

        try
        {
            await Soon.TrueAsync("the end of compose/up", () => up.HasExited);
        }
        finally
        {
            up.Kill(entireProcessTree: true);
        }
    }

    private static bool Listens(int port)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        try
        {
            socket.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex("http://127.0.0.1:[0-9]+/t/(?<id>[^#]+)#(?<token>\\S+)")]
    private static partial Regex Link();
}

using ArtMqtt.DeviceAgent.Status;
using ArtMqtt.DeviceAgent.Tests.Servers;
using ArtMqtt.TestKit;
using Spectre.Console;

namespace ArtMqtt.DeviceAgent.Tests.Running;

public sealed class StatusTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_agent_tells_what_waits_and_then_that_it_is_delivered()
    {
        using var folder = new TestFolder();
        await using var server = new TrackingServer();
        var spool = Path.Combine(folder.Path, "spool");
        var secret = Path.Combine(folder.Path, "secret");
        await File.WriteAllTextAsync(secret, $"secret-{TrackingServer.DeviceId}", Token);
        using var agent = new AgentProcess(
            "--device", TrackingServer.DeviceId, "--source", "sim:48,11", "--keep-all", "--spool", spool,
            "--secret-file", secret, "--server", $"mqtt://127.0.0.1:{server.MqttPort}");

        var waiting = await FirstAsync(spool, status => status is { Waiting: > 1, Trouble: not null });
        Assert.Equal((TrackingServer.DeviceId, "sim:48,11", null), (waiting.DeviceId, waiting.Source, waiting.Server));
        Assert.True(waiting.IsDurable);
        Assert.NotNull(waiting.LastFix);
        Assert.Contains("of 2 wait", Show(waiting with { Waiting = 2 }), StringComparison.Ordinal);

        await server.StartAsync();
        var delivered = await FirstAsync(spool, status => status is { Waiting: 0, Acknowledged: > 1 });

        Assert.Equal($"mqtt://127.0.0.1:{server.MqttPort}", delivered.Server);
        Assert.Contains("empty", Show(delivered), StringComparison.Ordinal);

        await agent.KillAsync();
        Assert.Empty(await StatusReader.ReadAsync(spool, Token).ToListAsync(Token));
    }

    private static async Task<AgentStatus> FirstAsync(string spool, Func<AgentStatus, bool> isIt)
    {
        while (true)
        {
            await foreach (var status in StatusReader.ReadAsync(spool, Token))
            {
                if (isIt(status))
                {
                    return status;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }

    private static string Show(AgentStatus status)
    {
        using var output = new StringWriter();
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No })
            .Write(new StatusView(TimeProvider.System).Draw(status));
        return output.ToString();
    }
}

using System.Diagnostics;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Running;

public sealed class ServiceTests : IDisposable
{
    private const string Unit = "artmqtt-agent.service";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Systemd_understands_every_line_of_the_unit()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed.");
        var unit = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "DeviceAgent", "service", Unit), TestContext.Current.CancellationToken);
        var path = Path.Combine(_folder.Path, Unit);
        // A program that is there: the agent itself is installed on no test machine.
        await File.WriteAllTextAsync(
            path, unit.Replace("/usr/local/bin/artmqtt-agent", "/bin/true", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", path]), TimeSpan.FromMinutes(1));

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }
}

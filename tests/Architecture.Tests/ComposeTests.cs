using System.Diagnostics;
using ArtMqtt.TestKit;

namespace ArtMqtt.Architecture.Tests;

/// <summary>compose/docker-compose.yml is one that Docker Compose takes, with each profile.</summary>
public sealed class ComposeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("single")]
    [InlineData("nodes,grafana")]
    public async Task Compose_takes_the_file(string profiles)
    {
        const string Program = "/usr/bin/docker-compose";
        Assert.SkipUnless(File.Exists(Program), "docker-compose is not installed.");
        // Debian 12 has version 1.29, which knows all of it but the name.
        var file = Path.Combine(_folder.Path, "docker-compose.yml");
        await File.WriteAllLinesAsync(
            file,
            SourceTree.Text("compose/docker-compose.yml").Split('\n').Where(line => line != "name: artmqtt"),
            TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(
            Program, ["--project-directory", Path.Combine(Repository.Root, "compose"), "--file", file, "config", "--quiet"]);
        start.Environment["TIMESCALE_PASSWORD"] = "none";
        start.Environment["COMPOSE_PROFILES"] = profiles;

        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public async Task Secrets_of_an_older_installation_move_into_their_volume()
    {
        // The image is Alpine's, whose tools are BusyBox's: its cp does other things than that of GNU.
        const string BusyBox = "/bin/busybox";
        Assert.SkipUnless(File.Exists(BusyBox), "BusyBox is not installed.");
        var tools = Directory.CreateDirectory(Path.Combine(_folder.Path, "tools")).FullName;
        foreach (var tool in new[] { "sh", "cp", "mv", "rm", "sync" })
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), BusyBox);
        }

        var nodes = Path.Combine(_folder.Path, "nodes");
        var old = Directory.CreateDirectory(Path.Combine(nodes, "1", "secrets")).FullName;
        var secrets = Directory.CreateDirectory(Path.Combine(_folder.Path, "secrets")).FullName;
        await WriteAsync(old, "credential-key", "old");
        await WriteAsync(old, "token-key", "old");
        await WriteAsync(secrets, "token-key", "new");
        var script = SourceTree.Text("compose/docker-compose.yml").Split("      - -ec\n      - |\n")[1].Split("        chown ")[0]
            .Replace("$$", "$", StringComparison.Ordinal)
            .Replace("/nodes/", nodes + "/", StringComparison.Ordinal)
            .Replace("/secrets/$", secrets + "/$", StringComparison.Ordinal)
            .Replace(" /secrets/", $" {secrets}/", StringComparison.Ordinal);
        var start = new ProcessStartInfo(Path.Combine(tools, "sh"), ["-ec", script]);
        start.Environment["PATH"] = tools;

        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.False(Directory.Exists(old));
        Assert.Equal(["credential-key", "token-key"], Directory.GetFileSystemEntries(secrets).Select(Path.GetFileName).Order());
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(secrets, "credential-key"), TestContext.Current.CancellationToken));
        Assert.Equal("new", await File.ReadAllTextAsync(Path.Combine(secrets, "token-key"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task HAProxy_takes_its_configuration_with_what_compose_gives_it()
    {
        const string Program = "/usr/sbin/haproxy";
        Assert.SkipUnless(File.Exists(Program), "HAProxy is not installed.");
        var start = new ProcessStartInfo(Program, ["-c", "-f", Path.Combine(Repository.Root, "compose", "haproxy", "haproxy.cfg")]);
        var service = SourceTree.Text("compose/docker-compose.yml").Split("\n  haproxy:\n")[1].Split("\n    volumes:\n")[0];
        foreach (var line in service.Split("environment:\n")[1].Split('\n').Where(line => line.Contains(": ", StringComparison.Ordinal)))
        {
            var (name, value) = (line.Split(": ", 2)[0].Trim(), line.Split(": ", 2)[1].Trim('"'));
            start.Environment[name] = value.Replace("${SUBNET:-172.29.18}", "127.0.0", StringComparison.Ordinal);
        }

        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));

        // A variable that is not given makes an address that it refuses.
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static Task WriteAsync(string folder, string name, string text) =>
        File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
}

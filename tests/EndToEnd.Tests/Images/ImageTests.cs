using System.Diagnostics;
using System.Net;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Images;

/// <summary>The image that compose/images makes: what is in it, and that it runs without a shell, as nobody, on a disk that cannot be written.</summary>
public sealed class ImageTests(TimescaleServer server) : IDisposable
{
    private const string User = "1654";
    private static readonly string _dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    private readonly TestFolder _folder = new();

    private string Root => Path.Combine(_folder.Path, "root");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_image_holds_node_and_pages_and_runs_as_nobody_without_a_shell()
    {
        var image = await PublishAsync();

        Assert.Equal(User, image.Config.GetProperty("User").GetString());
        Assert.Equal(["dotnet", "/app/ArtMqtt.Node.dll"], image.List("Entrypoint"));
        Assert.Equal(["1883/tcp", "8080/tcp", "8883/tcp"], image.Config.GetProperty("ExposedPorts").EnumerateObject().Select(p => p.Name).Order());
        Assert.Superset(
            new HashSet<string>([
                "DataFolder=/home/app", "Http__Address=0.0.0.0", "Broker__Address=0.0.0.0", "PGGSSENCMODE=disable", "ASPNETCORE_HTTP_PORTS=",
            ]),
            image.List("Env").ToHashSet());
        Assert.Equal("ArtMqtt node", image.Config.GetProperty("Labels").GetProperty("org.opencontainers.image.title").GetString());
        Assert.InRange(image.Size, 5_000_000, 60_000_000);

        await image.UnpackAsync(Root);
        var files = Directory.GetFiles(Path.Combine(Root, "app"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(Root, "app"), path)).ToList();
        Assert.Superset(new HashSet<string>(["ArtMqtt.Node.dll", "ui/track.html", "ui/sdk/artmqtt-client.js"]), files.ToHashSet());
        Assert.DoesNotContain(files, file => file.Contains("token", StringComparison.OrdinalIgnoreCase) && !file.StartsWith("ui/", StringComparison.Ordinal)
            && !file.EndsWith(".dll", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => Path.GetFileName(file) is ".env" or "appsettings.json" || file.EndsWith("-key", StringComparison.Ordinal));

        await RunAsync(image);
    }

    private async Task<ImageArchive> PublishAsync()
    {
        using var registry = new BaseImageRegistry(_dotnet);
        var archive = Path.Combine(_folder.Path, "node.tar");
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var publish = await ProcessRunner.RunAsync(
            new ProcessStartInfo("dotnet", [
                "publish", Path.Combine(Repository.Root, "compose", "Node"), "--no-build", "--configuration", configuration, "--nologo",
                "-nodeReuse:false", "-t:PublishContainer", $"-p:ContainerBaseImage={registry.Image}",
                $"-p:ContainerArchiveOutputPath={archive}", $"-p:PublishDir={Path.Combine(_folder.Path, "publish")}/",
            ]),
            TimeSpan.FromMinutes(3));
        Assert.True(publish.ExitCode == 0, publish.Output + publish.Error);
        return await ImageArchive.OpenAsync(archive, Path.Combine(_folder.Path, "archive"));
    }

    private async Task RunAsync(ImageArchive image)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root makes a container.");
        var port = Ports.Free();
        var environment = image.List("Env").Select(pair => pair.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        environment["Http__Port"] = $"{port}";
        environment["Broker__Port"] = $"{Ports.Free()}";
        environment["Gateway__PublicUrl"] = "";

        // It has no shell that could start a database.
        var without = await ProcessRunner.RunAsync(Start(image, environment), TimeSpan.FromMinutes(1));
        Assert.True(without.ExitCode == 1, without.Error);
        Assert.Contains("ConnectionStrings:Timescale is not set", without.Error, StringComparison.Ordinal);

        environment["ConnectionStrings__Timescale"] = await server.CreateDatabaseAsync();
        using var node = Process.Start(Start(image, environment))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Soon.TrueAsync("a node that is ready", async () =>
            {
                Assert.False(node.HasExited, "The node ended by itself.");
                try
                {
                    using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
                    return ready.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            });
            using var page = await client.GetAsync(new Uri("/sdk/artmqtt-client.js", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Matches(@"^Uid:\s+1654\s", File.ReadLines($"/proc/{node.Id}/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)));

            // As the health check of compose does.
            var healthy = await ProcessRunner.RunAsync(Start(image, environment, "health"), TimeSpan.FromMinutes(1));
            Assert.True(healthy.ExitCode == 0, healthy.Error);
            Assert.Contains("\"healthy\"", healthy.Output, StringComparison.Ordinal);

            await ProcessRunner.RunAsync(new ProcessStartInfo("kill", ["-TERM", $"{node.Id}"]), TimeSpan.FromSeconds(10));
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, node.ExitCode);
            environment["Http__Port"] = $"{Ports.Free()}";
            Assert.Equal(1, (await ProcessRunner.RunAsync(Start(image, environment, "health"), TimeSpan.FromMinutes(1))).ExitCode);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill();
            }
        }
    }

    // What an engine does, with this machine's runtime in place of the base image's: a mount namespace of its own, in which
    // nothing but data and /tmp can be written. exec at each step, so that the process is the node.
    private ProcessStartInfo Start(ImageArchive image, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder.Path, "data")).FullName;
        var script = $"""
            set -e
            mount --bind {Root} {Root}
            cd {Root}
            mount --bind -o ro /usr/lib usr/lib
            mount --bind -o ro /usr/lib64 usr/lib64
            mount --bind -o ro {_dotnet} .{_dotnet}
            mount --rbind /proc proc
            mount --rbind /dev dev
            mount -t tmpfs -o mode=1777 tmpfs tmp
            chown {User}:{User} {data}
            mount --bind {data} home/app
            mount -o remount,bind,ro {Root}
            exec env --ignore-environment "$@"
            """;
        return new ProcessStartInfo("unshare", [
            "--mount", "--propagation", "private", "sh", "-c", script, "sh", .. environment.Select(pair => $"{pair.Key}={pair.Value}"),
            "/usr/sbin/chroot", $"--userspec={User}:{User}", Root, Path.Combine(_dotnet, "dotnet"), .. image.List("Entrypoint").Skip(1), .. arguments,
        ]);
    }
}

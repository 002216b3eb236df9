using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The verb <c>routes</c>, against a node that runs; other programs read the files.</summary>
[Collection<HistoryNodeTests>]
public sealed class RoutesCommandTests(HistoryNode shared)
{
    private static readonly string[] _period = ["--from", "2026-05-04T07:50Z", "--to", "2026-05-04T09:30Z"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gpx", "positions_20260504T075000Z_20260504T093000Z.gpx")]
    [InlineData("kml", "positions_20260504T075000Z_20260504T093000Z.kml")]
    [InlineData("geojson", "positions_20260504T075000Z_20260504T093000Z.geojson")]
    [InlineData("csv", "positions_20260504T075000Z_20260504T093000Z.csv")]
    [InlineData("parquet", "positions_20260504T075000Z_20260504T093000Z.parquet")]
    [InlineData("mfjson", "positions_20260504T075000Z_20260504T093000Z.mf.json")]
    public async Task Two_vans_come_in_every_format_and_the_summary_is_true(string format, string name)
    {
        using var folder = new TestFolder();
        var result = await RunAsync(folder, ["export", "--device", "van-1", "--device", "van-2", .. _period, "--format", format, "--json"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("", result.Error);

        var file = Path.Combine(folder.Path, name);
        Assert.Equal([file], Directory.GetFiles(folder.Path));
        var summary = JsonDocument.Parse(result.Output).RootElement;
        var bytes = await File.ReadAllBytesAsync(file, Token);
        Assert.Equal(name, summary.GetProperty("file").GetString());
        Assert.Equal(2 * HistoryNode.Positions, summary.GetProperty("positions").GetInt32());
        Assert.Equal(bytes.Length, summary.GetProperty("bytes").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), summary.GetProperty("sha256").GetString());
        switch (format)
        {
            case "geojson":
                Programs.Require("ogrinfo");
                var info = await ProcessRunner.RunAsync(new ProcessStartInfo("ogrinfo", ["-so", "-al", file]), TimeSpan.FromMinutes(1));
                Assert.Contains($"Feature Count: {2 * HistoryNode.Positions}", info.Output, StringComparison.Ordinal);
                break;
            case "gpx" or "kml":
                Programs.Require("gpsbabel");
                var read = await ProcessRunner.RunAsync(
                    new ProcessStartInfo("gpsbabel", ["-t", "-i", format, "-f", file, "-o", "gpx", "-F", "-"]), TimeSpan.FromMinutes(1));
                Assert.Equal(2 * HistoryNode.Positions, read.Output.Split("<trkpt").Length - 1);
                break;
            case "csv":
                Assert.Equal((2 * HistoryNode.Positions) + 1, bytes.Count(one => one == '\n'));
                break;
            case "parquet":
                Assert.True(bytes.AsSpan().StartsWith("PAR1"u8) && bytes.AsSpan().EndsWith("PAR1"u8));
                break;
            default:
                Assert.Equal("FeatureCollection", JsonDocument.Parse(bytes).RootElement.GetProperty("type").GetString());
                break;
        }
    }

    [Fact]
    public async Task Requests_all_devices_and_pipes_are_exported_with_a_token_from_the_environment()
    {
        using var folder = new TestFolder();
        string[] server = ["--server", shared.Node.Address.ToString()];
        var environment = new Dictionary<string, string> { ["ARTMQTT_TOKEN"] = shared.Node.Secret("dispatcher-token") };

        var request = await RunAsync(folder, ["export", "--request", HistoryNode.Request, "--format", "csv", "--output", "job.csv", .. server], environment);
        Assert.True(request.ExitCode == 0, request.Error);
        Assert.StartsWith("job.csv: 4,200 positions, ", request.Error, StringComparison.Ordinal);
        Assert.Equal("", request.Output);
        Assert.Equal(HistoryNode.Positions + 1, (await File.ReadAllLinesAsync(Path.Combine(folder.Path, "job.csv"), Token)).Length);

        var all = await RunAsync(folder, ["export", .. _period, "--format", "csv", "--output", "-", .. server], environment);
        Assert.Equal((3 * HistoryNode.Positions) + 1, all.Output.Split('\n').Length - 1);
        Assert.Equal(["job.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));

        // On a terminal it says how far it is.
        Programs.Require("script");
        var start = Start(folder, ["export", .. _period, "--format", "csv", "--force", "--output", "job.csv"]);
        var seen = await ProcessRunner.RunAsync(
            InTerminal(start), TimeSpan.FromMinutes(1));
        Assert.True(seen.ExitCode == 0, seen.Output);
        Assert.Contains("% of 12,600 positions, ", seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_is_wrong_and_leaves_nothing_behind()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "mine.csv"), "mine", Token);

        await FailsAsync(1, "device_not_found", ["--device", "nobody", .. _period, "--format", "csv"]);
        await FailsAsync(1, "invalid_request", ["--device", "van-1", "--from", "2026-01-01Z", "--to", "2026-05-01Z", "--format", "csv"]);
        await FailsAsync(1, "is there already", ["--device", "van-1", .. _period, "--format", "csv", "--output", "mine.csv"]);
        await FailsAsync(1, "cannot be written", ["--device", "van-1", .. _period, "--format", "csv", "--output", "none/there.csv"]);
        await FailsAsync(1, "Nothing was saved; 1 attempts", ["--device", "van-1", .. _period, "--format", "csv", "--retries", "0", "--url", "http://127.0.0.1:9"]);
        await FailsAsync(2, "--from must be a time", ["--device", "van-1", "--from", "soon", "--to", "2026-05-01Z", "--format", "csv"]);
        await FailsAsync(2, "Give --from and --to", ["--device", "van-1", "--format", "csv"]);
        await FailsAsync(2, "Give either --device or --request", ["--device", "van-1", "--request", HistoryNode.Request, "--format", "csv"]);
        await FailsAsync(2, "xlsx", ["--device", "van-1", .. _period, "--format", "xlsx"]);
        var told = await RunAsync(folder, ["export", "--device", "nobody", .. _period, "--format", "csv", "--json"]);
        Assert.Contains("device_not_found", JsonDocument.Parse(told.Output).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);

        Assert.Equal(["mine.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder.Path, "mine.csv"), Token));

        async Task FailsAsync(int code, string expected, string[] arguments)
        {
            var result = await RunAsync(folder, ["export", .. arguments]);
            Assert.True(code == result.ExitCode, $"{string.Join(' ', arguments)}: {result.ExitCode} {result.Output}{result.Error}");
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        }
    }

    private Task<ProcessResult> RunAsync(TestFolder folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = Start(folder, arguments, environment is null);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));
    }

    private ProcessStartInfo Start(TestFolder folder, string[] arguments, bool asNodesOwn = true)
    {
        var start = Programs.Node(["routes", .. arguments, .. asNodesOwn ? new[] { "--data-folder", shared.Node.DataFolder } : []]);
        start.WorkingDirectory = folder.Path;
        start.Environment["Http__Port"] = $"{shared.Node.HttpPort}";
        return start;
    }

    private static ProcessStartInfo InTerminal(ProcessStartInfo start)
    {
        var command = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(argument => $"'{argument}'"));
        var terminal = new ProcessStartInfo("script", ["-qefc", command, "/dev/null"]) { WorkingDirectory = start.WorkingDirectory };
        foreach (var (name, value) in start.Environment)
        {
            terminal.Environment[name] = value;
        }

        return terminal;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>Prometheus with the configuration of <c>compose/prometheus</c>, looking at one node.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Process _process;
    private readonly HttpClient _client;

    private PrometheusProcess(NodeProcess node, string tokenFile)
    {
        var compose = Path.Combine(Repository.Root, "compose", "prometheus");
        foreach (var file in Directory.EnumerateFiles(compose))
        {
            var text = File.ReadAllText(file)
                .Replace("/operations/operations-token", tokenFile, StringComparison.Ordinal)
                .Replace("node:8080", node.Address.Authority, StringComparison.Ordinal)
                .Replace("interval: 10s", "interval: 1s", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(_folder.Path, Path.GetFileName(file)), text);
        }

        var port = Ports.Free();
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        _process = Process.Start(new ProcessStartInfo("prometheus", [
            $"--config.file={Path.Combine(_folder.Path, "prometheus.yml")}",
            $"--storage.tsdb.path={Path.Combine(_folder.Path, "data")}", $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ]))!;
    }

    /// <summary>Starts it; skips the test where it is not installed.</summary>
    public static PrometheusProcess Start(NodeProcess node, string tokenFile)
    {
        Programs.Require("prometheus");
        return new PrometheusProcess(node, tokenFile);
    }

    /// <summary>The values of a query, at this moment; empty while there is nothing, or nobody answers.</summary>
    public async Task<IReadOnlyList<double>> AskAsync(string expression)
    {
        Assert.False(_process.HasExited, "Prometheus ended by itself.");
        try
        {
            var answer = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}");
            Assert.True(
                answer.GetProperty("status").GetString() == "success",
                $"{expression}: {(answer.TryGetProperty("error", out var error) ? error.GetString() : "")}");
            return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()
                .Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    /// <summary>The alarms, by their names: how their expression did, and whether they ring.</summary>
    public async Task<IReadOnlyDictionary<string, (string Health, string State)>> AlarmsAsync()
    {
        var answer = await GetAsync("/api/v1/rules");
        return answer.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .ToDictionary(
                rule => rule.GetProperty("name").GetString()!,
                rule => (rule.GetProperty("health").GetString()!, rule.GetProperty("state").GetString()!));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(path, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            throw new HttpRequestException("Prometheus is still starting.");
        }

        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }
}

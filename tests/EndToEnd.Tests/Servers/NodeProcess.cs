using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using ArtMqtt.TestKit;
using ArtMqtt.TestKit.Networks;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>The node as its users run it: a process with its own data folder and ports, started as often as needed.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _connectionString;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _log = [];
    private Process? _process;

    /// <summary>Prepares a node for this database.</summary>
    public NodeProcess(string connectionString, NetworkHost? host = null)
    {
        _connectionString = connectionString;
        Host = host;
        _client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>The machine it runs on; null for this one.</summary>
    public NetworkHost? Host { get; }

    /// <summary>Where it listens.</summary>
    public string IpAddress => Host?.Address ?? "127.0.0.1";

    /// <summary>TCP port of the MQTT broker.</summary>
    public int MqttPort { get; } = Ports.Free();

    /// <summary>TCP port of the pages and the API.</summary>
    public int HttpPort { get; } = Ports.Free();

    /// <summary>Where the pages and the API are.</summary>
    public Uri Address => new($"http://{IpAddress}:{HttpPort}");

    /// <summary>Its data folder; stays over restarts.</summary>
    public string DataFolder => _folder.Path;

    /// <summary>What it printed, for messages of failed tests.</summary>
    public string Log => string.Join('\n', _log.TakeLast(40));

    /// <summary>Process id of the running node.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>A node on a new database, ready.</summary>
    public static async Task<NodeProcess> StartNewAsync(TimescaleServer server, params string[] more)
    {
        var node = new NodeProcess(await server.CreateDatabaseAsync());
        await node.StartAsync(more);
        return node;
    }

    /// <summary>Starts it and waits until it can serve.</summary>
    public async Task StartAsync(params string[] more)
    {
        Launch(more);
        await ReadyAsync();
    }

    /// <summary>Starts it and does not wait.</summary>
    public void Launch(params string[] more)
    {
        var start = CreateStart(more);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until it can serve.</summary>
    public Task ReadyAsync() => Soon.TrueAsync("a node that is ready", async () =>
    {
        Assert.False(_process!.HasExited, $"The node ended by itself:\n{Log}");
        return await TryGetAsync("/health/ready") is { IsSuccessStatusCode: true };
    });

    /// <summary>Runs it to its end, for starts that must fail.</summary>
    public Task<ProcessResult> RunAsync(params string[] more) =>
        ProcessRunner.RunAsync(CreateStart(more), TimeSpan.FromMinutes(1));

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGTERM, as a supervisor does.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        var signal = await ProcessRunner.RunAsync(
            new ProcessStartInfo("/bin/sh", ["-c", $"kill -TERM {_process!.Id}"]), TimeSpan.FromSeconds(10));
        Assert.True(signal.ExitCode == 0, signal.Error);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks over HTTP.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="token">Access token, or null for none.</param>
    public async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, path);
        message.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(message, TestContext.Current.CancellationToken);
    }

    /// <summary>Deletes something over HTTP.</summary>
    public async Task DeleteAsync(string path, string token)
    {
        using var message = new HttpRequestMessage(HttpMethod.Delete, path);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _client.SendAsync(message, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What <c>/health/ready</c> tells its operator.</summary>
    public Task<string> HealthAsync() => TextAsync("/health/ready");

    /// <summary>What <c>/metrics</c> tells its operator.</summary>
    public Task<string> MetricsAsync() => TextAsync("/metrics");

    /// <summary>A secret of the node, by its file name.</summary>
    public string Secret(string name) => File.ReadAllText(Path.Combine(DataFolder, "secrets", name)).Trim();

    /// <summary>Waits until nothing is left in the spool: everything acknowledged is in the database.</summary>
    public Task DrainedAsync() => Soon.TrueAsync("an empty spool", async () =>
    {
        using var answer = await TryGetAsync("/health/ready", Secret("operations-token"));
        var text = answer is null ? "" : await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text.Contains("\"0 records wait.\"", StringComparison.Ordinal);
    });

    /// <summary>
    /// Waits until the fleet on disk holds these devices. It is written at most every 2 s, and a node that starts
    /// without its database knows no others.
    /// </summary>
    public Task KeptAsync(IReadOnlyList<string> deviceIds) => Soon.TrueAsync("the fleet on disk", () =>
    {
        var file = Path.Combine(DataFolder, "fleet.json");
        return File.Exists(file) && deviceIds.All(File.ReadAllText(file).Contains);
    });

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process?.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path, Secret("operations-token"));
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private async Task<HttpResponseMessage?> TryGetAsync(string path, string? token = null)
    {
        try
        {
            return await GetAsync(path, token);
        }
        catch (HttpRequestException)
        {
            // It does not listen yet, or any more.
            return null;
        }
    }

    private ProcessStartInfo CreateStart(string[] more)
    {
        var start = Programs.Node([
            "--DataFolder", DataFolder, "--Http:Port", $"{HttpPort}", "--Broker:Port", $"{MqttPort}",
            "--Http:Address", IpAddress, "--Broker:Address", IpAddress, .. more]);
        start.WorkingDirectory = DataFolder;
        start.Environment["ConnectionStrings__Timescale"] = _connectionString;
        Host?.Place(start);
        return start;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _log.Enqueue(text);
        }
    }
}

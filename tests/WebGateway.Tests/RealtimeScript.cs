using System.Diagnostics;
using System.Text.Json;
using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A program of Node.js with the clients that people use (in the folder realtime).</summary>
internal sealed class RealtimeScript : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private RealtimeScript(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static RealtimeScript Start(string scenario, Gateway gateway, string key, params string[] arguments) =>
        StartProgram("client.mjs", [scenario, gateway.Address.ToString().TrimEnd('/'), key, .. arguments]);

    public static RealtimeScript StartProgram(string name, params string[] arguments)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Repository.Root, "node_modules", "@supabase")), "The npm packages are not installed: npm ci.");
        var script = Path.Combine(Repository.Root, "tests", "WebGateway.Tests", "realtime", name);
        // Node.js 20 has a WebSocket, behind this; later ones take the option and have it anyway.
        var start = new ProcessStartInfo(
            "node", ["--experimental-websocket", "--no-warnings", script, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new RealtimeScript(Process.Start(start)!);
    }

    /// <summary>The value of the next line of that kind; lines of other kinds before it go into <paramref name="before"/>.</summary>
    public async Task<JsonElement> NextAsync(string kind, List<string>? before = null)
    {
        while (await _process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("kind").GetString() == kind)
            {
                return json.RootElement.GetProperty("value").Clone();
            }

            before?.Add(line);
        }

        throw new InvalidOperationException($"The script ended before it said '{kind}'; {string.Join('\n', before ?? [])}\n{await _errors}");
    }

    /// <summary>The next line, whatever its kind.</summary>
    public async Task<(string Kind, JsonElement Value)> NextAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync(Token)
            ?? throw new InvalidOperationException($"The script ended; {await _errors}");
        using var json = JsonDocument.Parse(line);
        return (json.RootElement.GetProperty("kind").GetString()!, json.RootElement.GetProperty("value").Clone());
    }

    /// <summary>Reads until all these lines were there, in any order.</summary>
    public async Task SeenAsync(List<string> expected)
    {
        var lines = new List<string>();
        while (expected.Count > 0)
        {
            var line = await _process.StandardOutput.ReadLineAsync(Token)
                ?? throw new InvalidOperationException($"Not said: {string.Join(' ', expected)}\n{string.Join('\n', lines)}\n{await _errors}");
            lines.Add(line);
            expected.Remove(line);
        }
    }

    /// <summary>Says a line to it.</summary>
    public async Task TellAsync(string line = "")
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), Token);
        await _process.StandardInput.FlushAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}

using System.Diagnostics;
using System.Text.Json;
using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>The SDK for browsers as it is published, in Node.js, with two requests on one connection (watch.mjs).</summary>
internal sealed class SdkWatcher : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly List<long> _numbers = [];
    private readonly List<string> _states = [];
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    private SdkWatcher(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(Token);
        _reading = Task.Run(ReadAsync, Token);
    }

    /// <summary>The numbers of the first one's events, in the order in which its handlers were called.</summary>
    public IReadOnlyList<long> Numbers => _numbers;

    /// <summary>The states of the connection, each change one.</summary>
    public IReadOnlyList<string> States => _states;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts it and waits until it has joined.</summary>
    public static async Task<SdkWatcher> StartAsync(Uri address, string token, Guid requestId, Guid otherId)
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(Repository.Root, "sdk", "client", "dist", "index.js")), "The SDK is not built: npm ci, npm run build.");
        var watcher = new SdkWatcher(Process.Start(new ProcessStartInfo(
            "node",
            [Path.Combine(Repository.Root, "tests", "WebGateway.Tests", "Chaos", "watch.mjs"), $"{address}", token, $"{requestId}", $"{otherId}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        if (await Task.WhenAny(watcher._joined.Task, watcher._reading) == watcher._reading)
        {
            throw new InvalidOperationException($"The SDK ended: {await watcher._errors}");
        }

        return watcher;
    }

    /// <summary>Waits for the event with this number.</summary>
    public Task HasAsync(long number) => Eventually.TrueAsync(
        async () => !_process.HasExited
            ? Volatile.Read(ref _last) >= number
            : throw new InvalidOperationException($"The SDK ended: {await _errors}"),
        Token);

    /// <summary>Ends it; all it said is known afterwards.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            var value = JsonDocument.Parse(line).RootElement;
            if (value.ValueKind == JsonValueKind.Number)
            {
                _numbers.Add(value.GetInt64());
                Volatile.Write(ref _last, value.GetInt64());
                continue;
            }

            _states.Add(value.GetString()!);
            if (_states[^1] == "live")
            {
                _joined.TrySetResult();
            }
        }
    }
}

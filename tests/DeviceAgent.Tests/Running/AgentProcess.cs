using System.Diagnostics;

namespace ArtMqtt.DeviceAgent.Tests.Running;

/// <summary>The agent as its own process, as in a vehicle.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts <c>run</c> with further arguments.</summary>
    public AgentProcess(params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "ArtMqtt.DeviceAgent.dll"), "run", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["ARTMQTT_SECRET"] = "secret" },
        })!;
        _process.ErrorDataReceived += (_, line) => Log.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to standard error.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

using System.Diagnostics;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>A vehicle that drives until the test has seen enough.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly Process _process;

    private RunningAgent(Process process) => _process = process;

    /// <summary>Whether it has given up by itself, and with what exit code; null while it drives.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts it.</summary>
    public static RunningAgent Start(ProcessStartInfo start) => new(Process.Start(start)!);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

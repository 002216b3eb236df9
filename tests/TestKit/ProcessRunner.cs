using System.Diagnostics;

namespace ArtMqtt.TestKit;

/// <summary>Runs a program to its end.</summary>
public static class ProcessRunner
{
    /// <summary>Starts, collects what it prints, and waits; kills it (and its children) when the time is over.</summary>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo start, TimeSpan timeout)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var window = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(window.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} did not end within {timeout}.");
        }

        // A daemon it left behind may hold the pipes open: what is there a moment after the end is all.
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System));
        return new ProcessResult(
            process.ExitCode,
            output.IsCompletedSuccessfully ? output.Result : "",
            error.IsCompletedSuccessfully ? error.Result : "");
    }
}

/// <summary>How a program ended.</summary>
public sealed record ProcessResult(int ExitCode, string Output, string Error);

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Installed;

/// <summary>The agent as it is installed in vehicles: one trimmed file, published once for all tests.</summary>
internal sealed partial class InstalledAgent : IDisposable
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);
    private static readonly Lazy<Task<string>> _program = new(PublishAsync);

    private readonly Process _process;

    private InstalledAgent(Process process)
    {
        _process = process;
        Output = process.StandardOutput.ReadToEndAsync();
        process.ErrorDataReceived += (_, line) => Log.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to standard error.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>What it wrote to standard output, when it has ended.</summary>
    public Task<string> Output { get; }

    /// <summary>The libraries and files it has mapped.</summary>
    public string Mapped => File.ReadAllText($"/proc/{_process.Id}/maps");

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="environment">Variables it is given besides those of this process.</param>
    /// <param name="arguments">Verb and options.</param>
    public static async Task<InstalledAgent> StartAsync(
        IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(await _program.Value, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new InstalledAgent(Process.Start(start)!);
    }

    /// <summary>Writes to its standard input, and closes it.</summary>
    public async Task TellAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        _process.StandardInput.Close();
    }

    /// <summary>Ctrl-C, as systemd does it.</summary>
    public void Stop() => Assert.Equal(0, Signal(_process.Id, 15));

    /// <summary>Waits for its end.</summary>
    /// <returns>Exit code and standard output.</returns>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await Output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<string> PublishAsync()
    {
        var rid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo(Path.Combine(Repository.Root, "DeviceAgent", "publish"), [rid]), _longest);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output.Trim().Split('\n')[^1];
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}

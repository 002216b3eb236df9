using System.Diagnostics;

namespace ArtMqtt.Node.Database;

/// <summary>
/// The private TimescaleDB of a node without <c>ConnectionStrings:Timescale</c>, run by <c>timescale.sh</c> (its
/// settings are the <c>TS_</c> variables of the environment). Stopped with the node that started it.
/// </summary>
internal sealed class EmbeddedTimescale : IAsyncDisposable
{
    private const string Key = "ConnectionStrings:Timescale";
    private const string Shell = "/bin/sh";
    private static readonly string _script = Path.Combine(AppContext.BaseDirectory, "timescale.sh");

    private readonly bool _isOurs;

    private EmbeddedTimescale(bool isOurs) => _isOurs = isOurs;

    /// <summary>Starts it and puts its connection string into the configuration, unless there is one.</summary>
    /// <exception cref="StartException">It cannot be had on this machine.</exception>
    public static async Task<EmbeddedTimescale> StartIfNeededAsync(ConfigurationManager configuration)
    {
        if (configuration[Key] is { Length: > 0 })
        {
            return new EmbeddedTimescale(isOurs: false);
        }

        // Images have no shell either.
        if (!File.Exists(Shell))
        {
            throw new StartException($"{Key} is not set. Point it at a TimescaleDB, or use compose/docker-compose.yml.");
        }

        var wasRunning = await RunAsync("status", isQuiet: true) is { ExitCode: 0 };
        await MustAsync("start");
        configuration[Key] = (await MustAsync("url")).Trim();
        return new EmbeddedTimescale(isOurs: !wasRunning);
    }

    /// <summary>Stops it if this node started it; its data stays.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isOurs)
        {
            await RunAsync("stop", isQuiet: false);
        }
    }

    private static async Task<string> MustAsync(string verb)
    {
        var result = await RunAsync(verb, isQuiet: false);
        return result.ExitCode == 0
            ? result.Output
            : throw new StartException(
                $"There is no TimescaleDB (timescale.sh {verb} failed, see above). Set {Key} to one that you have.");
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string verb, bool isQuiet)
    {
        using var process = Process.Start(new ProcessStartInfo(Shell, [_script, verb])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = isQuiet,
        })!;

        // What it says about its progress goes to our own error output. The server it leaves behind closes neither, so
        // only what ends with the script is read.
        if (isQuiet)
        {
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
        }

        var output = verb == "url" ? await process.StandardOutput.ReadToEndAsync() : "";
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}

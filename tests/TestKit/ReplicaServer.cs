using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ArtMqtt.TestKit;

/// <summary>A streaming replica of a <see cref="TimescaleServer"/>, made by <c>pg_basebackup</c>.</summary>
public sealed class ReplicaServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TimescaleServer _primary;
    private readonly string _programs = Path.Combine(
        TimescaleServer.Prefix, File.ReadAllText(Path.Combine(TimescaleServer.Prefix, "BINDIR")).Trim());

    private readonly string _user;
    private bool _isRunning;

    private ReplicaServer(TimescaleServer primary, string user) => (_primary, _user) = (primary, user);

    /// <summary>TCP port on loopback.</summary>
    public int Port { get; } = Ports.Free();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Log => Path.Combine(_folder.Path, "work", "log");

    /// <summary>Copies a running primary, and follows it.</summary>
    public static async Task<ReplicaServer> StartAsync(TimescaleServer primary)
    {
        var owner = await ProcessRunner.RunAsync(new ProcessStartInfo("stat", ["-c", "%u", $"/proc/{primary.ProcessId}"]), TimeSpan.FromSeconds(10));
        var replica = new ReplicaServer(primary, owner.Output.Trim());
        await replica.CopyAsync();
        await replica.StartAgainAsync();
        return replica;
    }

    /// <summary>Starts it (again) and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        await RunAsync("pg_ctl", "-D", Data, "-w", "-l", Log, "start");
        _isRunning = true;
    }

    /// <summary>Ends it at once.</summary>
    public async Task StopAsync()
    {
        await RunAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        _isRunning = false;
    }

    /// <summary>Makes it a primary.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "-D", Data, "-w", "promote");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isRunning)
        {
            await StopAsync();
        }

        _folder.Dispose();
    }

    private async Task CopyAsync()
    {
        var work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await ProcessRunner.RunAsync(new ProcessStartInfo("chown", [_user, work, Data]), TimeSpan.FromSeconds(10));
        var source = new NpgsqlConnectionStringBuilder(_primary.ConnectionString);
        await RunAsync(
            "pg_basebackup", "-D", Data, "-R", "-X", "stream", "-c", "fast",
            "-d", $"host={source.Host} port={source.Port} user={source.Username} password={source.Password}");
        await File.AppendAllTextAsync(
            Path.Combine(Data, "postgresql.auto.conf"),
            string.Create(CultureInfo.InvariantCulture, $"port = {Port}\nunix_socket_directories = '{work}'\n"));
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(_programs, program), .. arguments];
        // PostgreSQL never runs as root.
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", [$"--reuid={_user}", $"--regid={_user}", "--clear-groups", "--", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.WorkingDirectory = _folder.Path;
        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(2));
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} failed:\n{result.Output}{result.Error}{(File.Exists(Log) ? File.ReadAllText(Log) : "")}");
        }
    }
}

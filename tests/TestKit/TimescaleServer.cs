using System.Diagnostics;
using System.Globalization;
using ArtMqtt.TestKit.Networks;
using Npgsql;

namespace ArtMqtt.TestKit;

/// <summary>
/// A private TimescaleDB of one test assembly: own data folder, own port, ended with the assembly. Use it as an
/// assembly fixture; each test class takes its own database.
/// </summary>
public class TimescaleServer : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SemaphoreSlim _starting = new(1);
    private int _databases;

    /// <summary>Where PostgreSQL's programs are, the same for all tests and for <c>compose/up</c>.</summary>
    public static string Prefix { get; } = Environment.GetEnvironmentVariable("TS_PREFIX")
        ?? (Environment.IsPrivilegedProcess
            ? "/var/lib/artmqtt/pg"
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "artmqtt", "pg"));

    /// <summary>Folder of the data when it has to be elsewhere, on a disk of the test.</summary>
    public string? DataFolder { get; init; }

    /// <summary>The machine it runs on; null for this one.</summary>
    public NetworkHost? Host { get; init; }

    /// <summary>TCP port.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Connection string of the server's default database.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Process id of the server, for tests that kill it.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>What the server wrote into its log.</summary>
    public string Log => File.ReadAllText(Path.Combine(_folder.Path, "run", "postgres.log"));

    private string Data => DataFolder ?? Path.Combine(_folder.Path, "data");

    /// <summary>Gets the program files if needed, and starts the server (again).</summary>
    public async Task StartAsync()
    {
        // Where there is a network to get it from.
        await RunAsync("install");
        await RunAsync("start");
        if (Host is not null && ConnectionString.Length == 0)
        {
            // Its own rules let nobody in but this machine.
            await File.AppendAllTextAsync(Path.Combine(Data, "pg_hba.conf"), "host all,replication all samenet scram-sha-256\n");
            await RunAsync("psql", "--command", "SELECT pg_reload_conf()");
        }

        ConnectionString = (await RunAsync("url")).Trim() + ";Pooling=true;Maximum Pool Size=20";
    }

    /// <summary>Stops the server; its data stays until it is disposed.</summary>
    public Task StopAsync() => RunAsync("stop");

    /// <summary>A new, empty database with the TimescaleDB extension.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (ConnectionString.Length == 0)
            {
                await StartAsync();
            }
        }
        finally
        {
            _starting.Release();
        }

        var name = $"test_{Interlocked.Increment(ref _databases)}";
        var connectionString = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
        await ExecuteAsync(ConnectionString, $"CREATE DATABASE {name}");
        await ExecuteAsync(connectionString, "CREATE EXTENSION IF NOT EXISTS timescaledb");
        return connectionString;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (ConnectionString.Length > 0)
        {
            await StopAsync();
        }

        _starting.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> RunAsync(params string[] verb)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "compose", "timescale.sh"), verb)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["TS_HOME"] = _folder.Path,
                ["TS_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
            },
        };
        // The program files are shared by all tests and by compose/up; only the data is private.
        start.Environment["TS_PREFIX"] = Prefix;
        if (DataFolder is not null)
        {
            start.Environment["TS_DATA"] = DataFolder;
        }

        if (Host is not null && verb is not ["install"])
        {
            start.Environment["TS_LISTEN"] = Host.Address;
            Host.Place(start);
        }

        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(5));
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"timescale.sh {verb[0]} failed:\n{result.Output}{result.Error}");
    }
}

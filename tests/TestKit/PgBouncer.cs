using System.Diagnostics;
using Npgsql;

namespace ArtMqtt.TestKit;

/// <summary>A connection pooler in front of a PostgreSQL server, in transaction mode: no session is anybody's for longer than a transaction.</summary>
public sealed class PgBouncer : IDisposable
{
    /// <summary>Where Debian's package has it.</summary>
    public const string Program = "/usr/sbin/pgbouncer";

    private readonly TestFolder _folder = new();
    private readonly Process _process;

    private PgBouncer(NpgsqlConnectionStringBuilder server)
    {
        var configuration = Path.Combine(_folder.Path, "pgbouncer.ini");
        File.WriteAllText(configuration, $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {Port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 3
            """);
        // It never runs as root.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        _process = Process.Start(new ProcessStartInfo(Program, [.. user, configuration]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <summary>TCP port on loopback.</summary>
    public int Port { get; } = Ports.Free();

    /// <summary>Starts one, and waits until it answers.</summary>
    /// <param name="connectionString">The server, with a role that may do all that is to be done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PgBouncer> StartAsync(string connectionString, CancellationToken cancellationToken)
    {
        var pooler = new PgBouncer(new NpgsqlConnectionStringBuilder(connectionString));
        await using var source = NpgsqlDataSource.Create(pooler.Before(connectionString));
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var connection = await source.OpenConnectionAsync(cancellationToken);
                    return true;
                }
                catch (NpgsqlException) when (!pooler._process.HasExited)
                {
                    return false;
                }
            },
            cancellationToken);
        return pooler;
    }

    /// <summary>The same database, through it.</summary>
    public string Before(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Port = Port, NoResetOnClose = true }.ConnectionString;

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtMqtt.Store.Schema;

/// <summary>
/// Brings the database to the schema of this version: each numbered SQL file once, in order, each in its own
/// transaction. Safe when several nodes start at once; they take turns under an advisory lock.
/// </summary>
public sealed partial class SchemaMigrator
{
    // Half an hour of an index must not end at a limit that was meant for queries.
    private const string NoTimeoutSql = "SET LOCAL statement_timeout = 0";

    private const string LockSql = "SELECT pg_advisory_lock(4705122847101)";
    private const string UnlockSql = "SELECT pg_advisory_unlock(4705122847101)";

    private const string PrepareSql = """
        CREATE EXTENSION IF NOT EXISTS timescaledb;
        CREATE TABLE IF NOT EXISTS schema_migrations (
            version integer PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now()
        );
        """;

    private const int LockTimeoutSeconds = 30;

    private const string AppliedSql = "SELECT version, checksum FROM schema_migrations";
    private const string RecordSql = "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)";

    private readonly NpgsqlDataSource _dataSource;
    private readonly ILogger<SchemaMigrator> _logger;
    private readonly IReadOnlyList<Migration> _migrations;
    private volatile bool _isDone;

    /// <summary>A migrator for the steps embedded in this assembly.</summary>
    public SchemaMigrator([FromKeyedServices(StoreSources.Direct)] NpgsqlDataSource dataSource, ILogger<SchemaMigrator> logger)
        : this(dataSource, logger, Migration.LoadEmbedded())
    {
    }

    internal SchemaMigrator(
        NpgsqlDataSource dataSource, ILogger<SchemaMigrator> logger, IReadOnlyList<Migration> migrations)
    {
        _dataSource = dataSource;
        _logger = logger;
        _migrations = migrations;
    }

    /// <summary>
    /// The next <see cref="MigrateAsync"/> looks again: the database may have been replaced by an older one.
    /// </summary>
    public void LookAgain() => _isDone = false;

    /// <summary>
    /// Applies what is missing; returns at once when it already did in this process. Fails with a timeout when
    /// another node's migration takes long; it may be called again then.
    /// </summary>
    /// <exception cref="SchemaException">The database is newer than this version, was changed, or has no TimescaleDB.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (_isDone)
        {
            return;
        }

        await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, LockSql, LockTimeoutSeconds, cancellationToken);
        try
        {
            await PrepareAsync(connection, cancellationToken);
            var applied = await ReadAppliedAsync(connection, cancellationToken);
            Check(applied);
            foreach (var migration in _migrations.Where(step => !applied.ContainsKey(step.Version)))
            {
                await ApplyAsync(connection, migration, cancellationToken);
            }

            _isDone = true;
        }
        finally
        {
            // A session that broke has given the lock back by itself.
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, UnlockSql, LockTimeoutSeconds, CancellationToken.None);
            }
        }
    }

    private static async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, PrepareSql, LockTimeoutSeconds, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedFile
            or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaException(
                $"The database '{connection.Database}' has no TimescaleDB extension and it could not be created "
                + $"({e.MessageText}). Use a PostgreSQL with TimescaleDB (compose/timescale.sh start, or the image "
                + "timescale/timescaledb), or let its administrator run CREATE EXTENSION timescaledb.", e);
        }
    }

    private static async Task<Dictionary<int, string>> ReadAppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<int, string>();
        await using var command = new NpgsqlCommand(AppliedSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private void Check(Dictionary<int, string> applied)
    {
        var known = _migrations.ToDictionary(step => step.Version);
        foreach (var (version, checksum) in applied)
        {
            if (!known.TryGetValue(version, out var migration))
            {
                throw new SchemaException(
                    $"The database is at schema version {applied.Keys.Max()}, this program knows versions up to "
                    + $"{known.Keys.DefaultIfEmpty().Max()}. Start the newer program, or restore an older backup.");
            }

            if (migration.Checksum != checksum)
            {
                throw new SchemaException(
                    $"Schema step {version} ({migration.Name}) is not what was applied to this database. An applied "
                    + "step must never be edited: put the change into a new one.");
            }
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, NoTimeoutSql, LockTimeoutSeconds, cancellationToken);
        await ExecuteAsync(connection, migration.Sql, timeoutSeconds: 0, cancellationToken);
        await using (var record = new NpgsqlCommand(RecordSql, connection)
        {
            Parameters =
            {
                new() { Value = migration.Version }, new() { Value = migration.Name },
                new() { Value = migration.Checksum },
            },
        })
        {
            await record.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        LogApplied(migration.Version, migration.Name);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, int timeoutSeconds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = timeoutSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Applied schema step {Version} ({Name})")]
    private partial void LogApplied(int version, string name);
}

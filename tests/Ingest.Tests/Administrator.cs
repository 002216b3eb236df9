using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>What a database administrator does while the node runs. Each time on a connection of its own.</summary>
/// <param name="connectionString">A database, as superuser, past any proxy.</param>
internal sealed class Administrator(string connectionString)
{
    private readonly string _connectionString =
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    /// <summary>How it connects.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>Name of the database.</summary>
    public string Database => new NpgsqlConnectionStringBuilder(_connectionString).Database!;

    /// <summary>Runs statements, without a transaction around them when it is one.</summary>
    public async Task RunAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks for one value.</summary>
    public async Task<T> AskAsync<T>(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Ends all other connections to a database.</summary>
    public Task TerminateAsync(string database) => RunAsync($"""
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()
        """);

    /// <summary>Whether the tables are there.</summary>
    public Task<bool> IsMigratedAsync() => AskAsync<bool>("SELECT to_regclass('positions') IS NOT NULL");

    /// <summary>Positions, and moments of devices among them: the same when nothing is doubled.</summary>
    public async Task<(long Rows, long Keys)> CountAsync() => (
        await AskAsync<long>("SELECT count(*) FROM positions"),
        await AskAsync<long>("SELECT count(*) FROM (SELECT DISTINCT device_key, fix_time FROM positions) k"));

    /// <summary>Dead letters.</summary>
    public Task<long> LettersAsync() => AskAsync<long>("SELECT count(*) FROM dead_letters");
}

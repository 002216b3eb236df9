using ArtMqtt.Spool.Commit;
using Microsoft.Data.Sqlite;

namespace ArtMqtt.Spool.Bench;

/// <summary>The rejected candidate: SQLite in WAL mode, <c>synchronous=FULL</c>, one row and one blob per group.</summary>
internal sealed class SqliteLog : IGroupLog, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private long _next = 1;

    public SqliteLog(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "spool.db")};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE groups (first INTEGER PRIMARY KEY, count INTEGER NOT NULL, records BLOB NOT NULL)");
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO groups (first, count, records) VALUES ($first, $count, $records)";
        _insert.Parameters.Add("$first", SqliteType.Integer);
        _insert.Parameters.Add("$count", SqliteType.Integer);
        _insert.Parameters.Add("$records", SqliteType.Blob);
        _insert.Prepare();
    }

    public long WaitingBytes => 0;

    public long Append(AppendGroup group)
    {
        var first = _next;
        _insert.Parameters[0].Value = first;
        _insert.Parameters[1].Value = group.Appends.Count;
        _insert.Parameters[2].Value = group.Bytes[AppendGroup.HeaderSpace..].ToArray();
        _insert.ExecuteNonQuery();
        _next += group.Appends.Count;
        return first;
    }

    public void Probe() => Execute("SELECT 1");

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

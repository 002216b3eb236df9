using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using Microsoft.Data.Sqlite;

namespace ArtMqtt.Broker.Mqtt.Storage;

/// <summary>The file behind <see cref="SessionStore"/>: SQLite, one connection, used by one caller at a time.</summary>
internal sealed class StateDatabase : IDisposable
{
    private const int SchemaVersion = 1;
    private const int BusySeconds = 2;

    private const string SchemaSql = """
        CREATE TABLE IF NOT EXISTS sessions (key TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS messages (
            key TEXT NOT NULL, sequence INTEGER NOT NULL, delivery TEXT NOT NULL, topic TEXT NOT NULL,
            message TEXT NOT NULL, payload BLOB NOT NULL, properties BLOB NOT NULL,
            PRIMARY KEY (key, sequence)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS retained (
            topic TEXT PRIMARY KEY, message TEXT NOT NULL, payload BLOB NOT NULL, properties BLOB NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """;

    private const string UpsertSessionSql = "INSERT OR REPLACE INTO sessions (key, state) VALUES ($key, $state)";
    private const string DeleteSessionSql = "DELETE FROM sessions WHERE key = $key";
    private const string DeleteMessagesSql = "DELETE FROM messages WHERE key = $key";
    private const string DeleteMessageSql = "DELETE FROM messages WHERE key = $key AND sequence = $sequence";
    private const string UpsertMessageSql = """
        INSERT OR REPLACE INTO messages (key, sequence, delivery, topic, message, payload, properties)
        VALUES ($key, $sequence, $delivery, $topic, $message, $payload, $properties)
        """;

    private const string UpsertRetainedSql = """
        INSERT OR REPLACE INTO retained (topic, message, payload, properties)
        VALUES ($topic, $message, $payload, $properties)
        """;

    private const string DeleteRetainedSql = "DELETE FROM retained WHERE topic = $topic";

    private readonly SqliteConnection _connection;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="InvalidDataException">It was written by a newer version.</exception>
    /// <exception cref="SqliteException">It cannot be opened, or is no such file.</exception>
    public StateDatabase(string file)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(file))
        {
            // What clients say to each other is nobody else's business.
            using var made = new FileStream(file, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }

        var builder = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        _connection = new SqliteConnection(builder.ToString());
        _connection.Open();
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        var version = Scalar("PRAGMA user_version");
        if (version > SchemaVersion)
        {
            throw new InvalidDataException(
                $"'{file}' was written by a newer version (schema {version}, this one knows {SchemaVersion}).");
        }

        Execute(SchemaSql);
    }

    /// <summary>Writes changes in one transaction; when it returns they are durable.</summary>
    /// <param name="sessions">Changes of sessions.</param>
    /// <param name="retained">Topics with their retained message, or null where there is none any more.</param>
    public void Write(IReadOnlyList<SessionChanges> sessions, IReadOnlyList<(string Topic, Message? Message)> retained)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var changes in sessions)
        {
            Write(changes);
        }

        foreach (var (topic, message) in retained)
        {
            if (message is null)
            {
                Execute(DeleteRetainedSql, ("$topic", topic));
            }
            else
            {
                Execute(UpsertRetainedSql, ("$topic", topic), ("$message", StateJson.Of(message)),
                    ("$payload", message.Payload.ToArray()), ("$properties", message.Properties.ToArray()));
            }
        }

        transaction.Commit();
    }

    /// <summary>All sessions.</summary>
    public List<(string Key, SessionState State)> ReadSessions() =>
        Read("SELECT key, state FROM sessions", row => (row.GetString(0), StateJson.ReadSession(row.GetString(1))));

    /// <summary>All messages of sessions, in order.</summary>
    public List<(string Key, StoredMessage Message)> ReadMessages() =>
        Read(
            "SELECT key, sequence, delivery, topic, message, payload, properties FROM messages ORDER BY key, sequence",
            row => (row.GetString(0), StateJson.ReadDelivery(row.GetString(2)).ToStored(
                row.GetInt64(1), StateJson.ReadMessage(row.GetString(4), row.GetString(3), (byte[])row[5], (byte[])row[6]))));

    /// <summary>All retained messages.</summary>
    public List<Message> ReadRetained() =>
        Read(
            "SELECT topic, message, payload, properties FROM retained",
            row => StateJson.ReadMessage(row.GetString(1), row.GetString(0), (byte[])row[2], (byte[])row[3]));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Write(SessionChanges changes)
    {
        if (changes.IsOver)
        {
            Execute(DeleteSessionSql, ("$key", changes.Key));
            Execute(DeleteMessagesSql, ("$key", changes.Key));
            return;
        }

        if (changes.State is { } state)
        {
            Execute(UpsertSessionSql, ("$key", changes.Key), ("$state", StateJson.Of(state)));
        }

        if (changes.IsWhole)
        {
            Execute(DeleteMessagesSql, ("$key", changes.Key));
        }

        foreach (var sequence in changes.Done)
        {
            Execute(DeleteMessageSql, ("$key", changes.Key), ("$sequence", sequence));
        }

        foreach (var stored in changes.Messages)
        {
            Execute(UpsertMessageSql, ("$key", changes.Key), ("$sequence", stored.Sequence),
                ("$delivery", StateJson.Of(StoredDelivery.Of(stored))), ("$topic", stored.Message.Topic),
                ("$message", StateJson.Of(stored.Message)), ("$payload", stored.Message.Payload.ToArray()),
                ("$properties", stored.Message.Properties.ToArray()));
        }
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private long Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
        {
            all.Add(read(rows));
        }

        return all;
    }
}

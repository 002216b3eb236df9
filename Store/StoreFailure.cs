using System.Net.Sockets;
using ArtMqtt.Store.Schema;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>A failure of the database in words for operators, and as a label for metrics. Without secrets or data.</summary>
public static class StoreFailure
{
    private const string Other = "other";

    // What operators meet, and what it means to them; docs/operations.md says what to do.
    private static readonly Dictionary<string, string> _meanings = new()
    {
        [PostgresErrorCodes.InvalidPassword] = "the database refuses our password",
        [PostgresErrorCodes.InvalidAuthorizationSpecification] = "the database refuses our role",
        [PostgresErrorCodes.InvalidCatalogName] = "there is no such database",
        [PostgresErrorCodes.InsufficientPrivilege] = "our role lacks a right",
        [PostgresErrorCodes.TooManyConnections] = "the database has too many connections",
        [PostgresErrorCodes.DiskFull] = "the disk of the database is full",
        [PostgresErrorCodes.OutOfMemory] = "the database is out of memory",
        [PostgresErrorCodes.IoError] = "the disk of the database fails",
        [PostgresErrorCodes.ReadOnlySqlTransaction] = "the database is read-only, perhaps a standby",
        [PostgresErrorCodes.QueryCanceled] = "the database cancelled the write, perhaps statement_timeout",
        [PostgresErrorCodes.LockNotAvailable] = "somebody holds a lock",
        [PostgresErrorCodes.DeadlockDetected] = "two writers waited for each other",
        [PostgresErrorCodes.AdminShutdown] = "the database is shutting down",
        [PostgresErrorCodes.CrashShutdown] = "the database crashed",
        [PostgresErrorCodes.CannotConnectNow] = "the database is starting or recovering",
        [PostgresErrorCodes.UndefinedTable] = "the schema is older than this program",
        [PostgresErrorCodes.UndefinedColumn] = "the schema is older than this program",
        [PostgresErrorCodes.InternalError] = "an error inside the database",
    };

    /// <summary>One line: what it means where that is known, and the database's own words.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        PostgresException e when _meanings.TryGetValue(e.SqlState, out var meaning) =>
            $"{meaning} ({e.SqlState}: {e.MessageText})",
        PostgresException e => $"{e.SqlState}: {e.MessageText}",
        { InnerException: { } inner } when !exception.Message.Contains(inner.Message, StringComparison.Ordinal) =>
            $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };

    /// <summary>
    /// A label of few values: the SQLSTATE when it is a well-known one, else <c>timeout</c>, <c>connection</c>,
    /// <c>schema</c> or <c>other</c>.
    /// </summary>
    public static string Label(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } => _meanings.ContainsKey(state) ? state : Other,
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "timeout",
        NpgsqlException or SocketException => "connection",
        SchemaException => "schema",
        _ => Other,
    };
}

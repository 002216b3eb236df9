using System.Net.Sockets;
using ArtMqtt.Store.Schema;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>What a failure of the database means for the one who wrote.</summary>
public static class StoreErrors
{
    /// <summary>
    /// Whether the data itself was refused (SQLSTATE classes 22, data exception, and 23, integrity constraint, and
    /// P0001, a trigger's RAISE): the same rows will be refused again.
    /// </summary>
    public static bool IsPermanent(Exception exception) =>
        exception is PostgresException { SqlState: var state }
        && (IsOfClass(state, "22") || IsOfClass(state, "23") || state == PostgresErrorCodes.RaiseException);

    /// <summary>
    /// Whether the database failed for a reason outside the data: it is down, starting, full, locked, not migrated
    /// yet. The same rows are welcome later.
    /// </summary>
    public static bool IsOutage(Exception exception) =>
        !IsPermanent(exception)
        && exception is NpgsqlException or SchemaException or SocketException or TimeoutException or IOException;

    /// <summary>
    /// Whether fewer rows may succeed where these failed: a timeout, ours or the server's, or a limit of the server
    /// (memory, size). It may as well have been a lock or a silent server.
    /// </summary>
    public static bool IsTooMuch(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            state is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.OutOfMemory or TransactionTimeout
            || IsOfClass(state, "54"),
        NpgsqlException { InnerException: TimeoutException } => true,
        _ => false,
    };

    /// <summary>
    /// Whether a table, column or function is missing: the database was replaced by an older or empty one while we
    /// ran.
    /// </summary>
    public static bool IsOutdatedSchema(Exception exception) =>
        exception is PostgresException
        {
            SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
                or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName,
        };

    // New in PostgreSQL 17.
    private const string TransactionTimeout = "25P04";

    private static bool IsOfClass(string state, string errorClass) =>
        state.StartsWith(errorClass, StringComparison.Ordinal);
}

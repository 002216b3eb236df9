using System.Net.Sockets;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>What a failure of the database means for the one who wrote.</summary>
public static class StoreErrors
{
    /// <summary>
    /// Whether the data itself was refused (SQLSTATE classes 22, data exception, and 23, integrity constraint): the
    /// same rows will be refused for ever.
    /// </summary>
    public static bool IsPermanent(Exception exception) =>
        exception is PostgresException { SqlState: var state }
        && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal));

    /// <summary>
    /// Whether the database failed for a reason outside the data: it is down, starting, full, locked, not migrated
    /// yet. The same rows are welcome later.
    /// </summary>
    public static bool IsOutage(Exception exception) =>
        !IsPermanent(exception)
        && exception is NpgsqlException or SocketException or TimeoutException or IOException;
}

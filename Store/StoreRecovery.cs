using ArtMqtt.Store.Schema;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>What has to be done about a failure before the next attempt, because it would fail in the same way.</summary>
public sealed class StoreRecovery(
    NpgsqlDataSource dataSource, [FromKeyedServices(StoreSources.Direct)] NpgsqlDataSource direct, SchemaMigrator migrator)
{
    /// <summary>Does it; nothing for most failures.</summary>
    public void Prepare(Exception exception)
    {
        if (exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
        {
            // The connections we have lead to what has become a standby; new ones may find the primary.
            dataSource.Clear();
            direct.Clear();
        }

        if (StoreErrors.IsOutdatedSchema(exception))
        {
            migrator.LookAgain();
        }
    }
}

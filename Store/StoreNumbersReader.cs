using Npgsql;

namespace ArtMqtt.Store;

/// <summary>Reads how large the database is.</summary>
public sealed class StoreNumbersReader(NpgsqlDataSource dataSource)
{
    private const string Sql = """
        SELECT pg_database_size(current_database()),
            (SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_schema = current_schema()),
            (SELECT count(*) FROM dead_letters),
            (SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)), 0)::bigint
                FROM pg_replication_slots WHERE database = current_database())
        """;

    /// <summary>Reads them; takes some milliseconds.</summary>
    public async Task<StoreNumbers> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new StoreNumbers(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }
}

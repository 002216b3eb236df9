using Npgsql;

namespace ArtMqtt.Store.LifeCycle;

/// <summary>The chunks of the positions: how long they are, and whether old ones are compressed.</summary>
public sealed class ChunkRepository(NpgsqlDataSource dataSource)
{
    private const string IntervalSql = """
        SELECT time_interval FROM timescaledb_information.dimensions
        WHERE format('%I.%I', hypertable_schema, hypertable_name)::regclass = 'positions'::regclass
        """;

    private const string SetIntervalSql = "SELECT set_chunk_time_interval('positions', $1)";

    // Only the full edition can compress; its word for itself is 'timescale', the other's is 'apache'.
    private const string EditionSql = "SELECT current_setting('timescaledb.license')";
    private const string FullEdition = "timescale";

    private const string IsEnabledSql = """
        SELECT compression_enabled FROM timescaledb_information.hypertables
        WHERE hypertable_schema = current_schema() AND hypertable_name = 'positions'
        """;

    // A device's positions side by side, in order: as routes are asked for.
    private const string EnableSql = """
        ALTER TABLE positions SET (
            timescaledb.compress, timescaledb.compress_segmentby = 'device_key', timescaledb.compress_orderby = 'fix_time')
        """;

    private const string OldestSql = """
        SELECT format('%I.%I', chunk_schema, chunk_name) FROM timescaledb_information.chunks
        WHERE hypertable_schema = current_schema() AND hypertable_name = 'positions'
            AND range_end < $1 AND NOT is_compressed
        ORDER BY range_start LIMIT 1
        """;

    private const string CompressSql = "SELECT compress_chunk($1::regclass)";

    /// <summary>Sets how long the chunks are that are made from now on; those that exist stay as they are.</summary>
    /// <returns>How long they were until now.</returns>
    public async Task<TimeSpan> SetIntervalAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        await using var read = dataSource.CreateCommand(IntervalSql);
        var before = (TimeSpan)(await read.ExecuteScalarAsync(cancellationToken))!;
        if (before != interval)
        {
            await using var set = dataSource.CreateCommand(SetIntervalSql);
            set.Parameters.Add(new() { Value = interval });
            await set.ExecuteNonQueryAsync(cancellationToken);
        }

        return before;
    }

    /// <summary>Whether this edition of TimescaleDB can compress.</summary>
    public async Task<bool> CanCompressAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(EditionSql);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))! == FullEdition;
    }

    /// <summary>Compresses the oldest chunk that is not.</summary>
    /// <param name="before">Chunks that end later are left alone: late positions go into them at full speed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there is none.</returns>
    /// <exception cref="PostgresException">0A000: this edition cannot.</exception>
    public async Task<bool> CompressNextAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await EnableAsync(cancellationToken);
        await using var oldest = dataSource.CreateCommand(OldestSql);
        oldest.Parameters.Add(new() { Value = before.UtcDateTime });
        if (await oldest.ExecuteScalarAsync(cancellationToken) is not string chunk)
        {
            return false;
        }

        await using var compress = dataSource.CreateCommand(CompressSql);
        compress.CommandTimeout = 0;
        compress.Parameters.Add(new() { Value = chunk });
        await compress.ExecuteNonQueryAsync(cancellationToken);
        return true;
    }

    private async Task EnableAsync(CancellationToken cancellationToken)
    {
        await using var isEnabled = dataSource.CreateCommand(IsEnabledSql);
        if (!(bool)(await isEnabled.ExecuteScalarAsync(cancellationToken))!)
        {
            await using var enable = dataSource.CreateCommand(EnableSql);
            await enable.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

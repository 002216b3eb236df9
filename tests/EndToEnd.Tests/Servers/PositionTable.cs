using Npgsql;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>Looks into the database past all of our own code.</summary>
internal sealed class PositionTable(string connectionString)
{
    private const string PositionsSql = """
        SELECT (extract(epoch FROM p.fix_time) * 1000)::bigint, p.lat, p.lng, p.seq
        FROM positions p JOIN devices d USING (device_key)
        WHERE d.device_id = $1
        """;

    private const string ArrivalsSql = """
        SELECT (extract(epoch FROM p.fix_time) * 1000)::bigint, p.lat, p.received_at
        FROM positions p JOIN devices d USING (device_key)
        WHERE d.device_id = $1
        ORDER BY p.fix_time
        """;

    private const string LettersSql = "SELECT code, payload FROM dead_letters WHERE device_id = $1 ORDER BY id";

    /// <summary>All positions of a device: fix time (ms), place, sequence.</summary>
    public Task<List<(long Time, double Lat, double Lng, long? Seq)>> PositionsAsync(string deviceId) =>
        ReadAsync(PositionsSql, deviceId, row => (
            row.GetInt64(0), row.GetDouble(1), row.GetDouble(2), row.IsDBNull(3) ? default(long?) : row.GetInt64(3)));

    /// <summary>All positions of a device, oldest first: fix time (ms), latitude, when the server had it.</summary>
    public Task<List<(long Time, double Latitude, DateTime Received)>> ArrivalsAsync(string deviceId) =>
        ReadAsync(ArrivalsSql, deviceId, row => (row.GetInt64(0), row.GetDouble(1), row.GetDateTime(2)));

    /// <summary>Dead letters of a device, oldest first.</summary>
    public Task<List<(string Code, byte[] Payload)>> LettersAsync(string deviceId) =>
        ReadAsync(LettersSql, deviceId, row => (row.GetString(0), row.GetFieldValue<byte[]>(1)));

    /// <summary>How many positions there are in all.</summary>
    public async Task<long> CountAsync()
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM positions");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Changes something, as an administrator may.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<List<T>> ReadAsync<T>(string sql, string deviceId, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = deviceId });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}

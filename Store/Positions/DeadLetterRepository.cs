using ArtMqtt.Contracts.Positions;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Positions;

/// <summary>The dead letters that are kept: looked at, taken out, or thrown away.</summary>
public sealed class DeadLetterRepository(NpgsqlDataSource dataSource)
{
    private const string Columns = "id, at, device_id, topic, code, detail, length(payload), content_type, dialect, size";

    // A customer's phone has no device: whose its request is decides. What names neither is for admins of all.
    private const string Chosen = """
        ($1::text IS NULL OR CASE WHEN l.topic LIKE 'art/requests/%/customer/position'
            THEN EXISTS (SELECT FROM service_requests r WHERE r.request_id::text = split_part(l.topic, '/', 3) AND r.tenant = $1)
            ELSE EXISTS (SELECT FROM devices d WHERE d.device_id = l.device_id AND d.tenant = $1) END)
        AND ($2::text IS NULL OR l.code = $2) AND ($3::text IS NULL OR l.device_id = $3)
        """;

    private const string ListSql = $"""
        SELECT {Columns} FROM dead_letters l WHERE {Chosen} AND l.id < $4 ORDER BY l.id DESC LIMIT $5
        """;

    private const string ReadSql = $"""
        SELECT {Columns}, payload FROM dead_letters l WHERE {Chosen} AND l.id < $4 ORDER BY l.id DESC LIMIT $5
        """;

    private const string FindSql = $"SELECT {Columns}, payload FROM dead_letters l WHERE {Chosen} AND l.id = $4";

    private const string CountSql =
        $"SELECT code, count(*) FROM dead_letters l WHERE {Chosen} GROUP BY code ORDER BY 2 DESC, 1 LIMIT 50";

    private const string DeleteSql = $"""
        DELETE FROM dead_letters WHERE id IN (
            SELECT id FROM dead_letters l WHERE {Chosen} ORDER BY id LIMIT $4)
        """;

    private const string DeleteOneSql = $"DELETE FROM dead_letters l WHERE {Chosen} AND l.id = $4";

    private const string RefuseSql = "UPDATE dead_letters SET code = $2, detail = $3 WHERE id = $1";

    /// <summary>Letters, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">Those before this id.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DeadLetterRecord>> ListAsync(
        DeadLetterFilter filter, long before, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(ListSql, filter, before, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var letters = new List<DeadLetterRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            letters.Add(Read(reader));
        }

        return letters;
    }

    /// <summary>The same, with what was sent.</summary>
    public Task<IReadOnlyList<(long Id, RejectedPayload Letter)>> ReadAsync(
        DeadLetterFilter filter, long before, int limit, CancellationToken cancellationToken) =>
        ReadAsync(Command(ReadSql, filter, before, limit), cancellationToken);

    /// <summary>One letter, with what was sent; null when there is none.</summary>
    public async Task<RejectedPayload?> FindAsync(DeadLetterFilter filter, long id, CancellationToken cancellationToken) =>
        (await ReadAsync(Command(FindSql, filter, id), cancellationToken)).SingleOrDefault().Letter;

    /// <summary>How many letters have which reason, the most frequent first.</summary>
    public async Task<IReadOnlyList<DeadLetterCount>> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        await using var command = Command(CountSql, filter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new List<DeadLetterCount>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add(new DeadLetterCount(reader.GetString(0), reader.GetInt64(1)));
        }

        return counts;
    }

    /// <summary>Throws letters away, the oldest first.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DeleteAsync(DeadLetterFilter filter, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(DeleteSql, filter, limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Throws one letter away, or takes it out because it is none any more; false when there is none.</summary>
    public async Task<bool> DeleteOneAsync(DeadLetterFilter filter, long id, CancellationToken cancellationToken)
    {
        await using var command = Command(DeleteOneSql, filter, id);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>A letter was refused again, for this reason.</summary>
    public async Task RefuseAsync(long id, string code, string detail, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RefuseSql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = code });
        command.Parameters.Add(new() { Value = detail });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<(long Id, RejectedPayload Letter)>> ReadAsync(
        NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var letters = new List<(long, RejectedPayload)>();
            while (await reader.ReadAsync(cancellationToken))
            {
                var record = Read(reader);
                letters.Add((record.Id, new RejectedPayload(
                    record.DeviceId, record.Topic, record.At, record.Code, record.Detail, reader.GetFieldValue<byte[]>(10))
                {
                    ContentType = record.ContentType,
                    Dialect = reader.IsDBNull(8) ? null : reader.GetString(8),
                    Size = record.Size,
                }));
            }

            return letters;
        }
    }

    private static DeadLetterRecord Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3),
        reader.GetString(4), reader.GetString(5), reader.GetInt32(6), reader.IsDBNull(7) ? null : reader.GetString(7),
        reader.IsDBNull(9) ? null : reader.GetInt32(9));

    private NpgsqlCommand Command(string sql, DeadLetterFilter filter, params ReadOnlySpan<object> more)
    {
        var command = dataSource.CreateCommand(sql);
        command.AddTenant(filter.Scope);
        foreach (var text in (string?[])[filter.Code, filter.DeviceId])
        {
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value });
        }

        foreach (var value in more)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}

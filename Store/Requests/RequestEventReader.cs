using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Requests;

/// <summary>Reads what happened to requests.</summary>
public sealed class RequestEventReader(NpgsqlDataSource dataSource)
{
    private const string Sql = """
        SELECT e.request_id, e.version, e.from_status, e.to_status, d.device_id, e.at, e.by
        FROM request_events e LEFT JOIN devices d USING (device_key)
        WHERE (e.at, e.request_id, e.version) < ($1, $2, $3) AND ($4::uuid IS NULL OR e.request_id = $4)
            AND ($5::text IS NULL OR d.device_id = $5) AND ($6::timestamptz IS NULL OR e.at >= $6)
            AND ($7::timestamptz IS NULL OR e.at < $7) AND ($8::text IS NULL OR e.tenant = $8)
        ORDER BY e.at DESC, e.request_id DESC, e.version DESC LIMIT $9
        """;

    /// <summary>The events, newest first: those before the given one; null for the first page.</summary>
    /// <param name="scope">Whose requests.</param>
    /// <param name="before">The last event of the page before.</param>
    /// <param name="filter">Which are wanted.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RequestEventRecord>> ListAsync(
        TenantScope scope, (DateTimeOffset At, Guid RequestId, int Version)? before, RequestEventFilter filter, int limit,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var (at, requestId, version) = before ?? (DateTimeOffset.MaxValue, Guid.AllBitsSet, int.MaxValue);
        await using var command = dataSource.CreateCommand(Sql);
        Add(command, NpgsqlDbType.TimestampTz, at.UtcDateTime);
        Add(command, NpgsqlDbType.Uuid, requestId);
        Add(command, NpgsqlDbType.Integer, version);
        Add(command, NpgsqlDbType.Uuid, filter.RequestId);
        Add(command, NpgsqlDbType.Text, filter.DeviceId);
        Add(command, NpgsqlDbType.TimestampTz, filter.From?.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, filter.To?.UtcDateTime);
        command.AddTenant(scope);
        Add(command, NpgsqlDbType.Integer, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<RequestEventRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new RequestEventRecord(
                reader.GetGuid(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : StatusOf(reader.GetString(2)),
                StatusOf(reader.GetString(3)), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetString(6)));
        }

        return events;
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

    private static RequestStatus StatusOf(string text) => RequestTransitions.TryParse(text, out var status)
        ? status
        : throw new InvalidDataException($"The database holds a request status this version does not know: '{text}'.");
}

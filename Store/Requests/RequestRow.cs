using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Fleet;
using Npgsql;

namespace ArtMqtt.Store.Requests;

/// <summary>A row of <c>service_requests</c> with the columns only this process sees.</summary>
internal sealed record RequestRow(
    RequestRecord Record, int CustomerKey, byte[] CustomerTokenHash, DateTimeOffset? AssignedAt)
{
    /// <summary>The start of every query that is read by <see cref="Read"/>.</summary>
    public const string Select = """
        SELECT r.request_id, r.status, d.device_id, r.pickup_lat, r.pickup_lng, r.customer_name, r.note,
            r.created_at, r.updated_at, r.version, r.customer_key, r.customer_token_hash,
            r.assigned_at, r.tenant, r.arrival_noticed_at
        FROM service_requests r LEFT JOIN devices d USING (device_key)
        """;

    /// <summary>The row the reader stands on.</summary>
    public static RequestRow Read(NpgsqlDataReader reader) => new(
        new RequestRecord(
            reader.GetGuid(0), StatusOf(reader.GetString(1)), Text(reader, 2), reader.GetDouble(3),
            reader.GetDouble(4), Text(reader, 5), Text(reader, 6), reader.GetFieldValue<DateTimeOffset>(7),
            reader.GetFieldValue<DateTimeOffset>(8), reader.GetInt32(9))
        {
            Tenant = reader.GetString(13),
            ArrivalNoticedAt = reader.IsDBNull(14) ? null : reader.GetFieldValue<DateTimeOffset>(14),
        },
        reader.GetInt32(10), reader.GetFieldValue<byte[]>(11),
        reader.IsDBNull(12) ? null : reader.GetFieldValue<DateTimeOffset>(12));

    /// <summary>The same for the broker.</summary>
    public FleetEntry ToEntry() => new(
        new FleetRequest(
            Record.RequestId, Record.Status, Record.DeviceId, CustomerKey, CustomerTokenHash, AssignedAt)
        {
            Tenant = Record.Tenant,
        },
        Record.Version, Record.CreatedAt);

    private static RequestStatus StatusOf(string text) => RequestTransitions.TryParse(text, out var status)
        ? status
        : throw new InvalidDataException($"The database holds a request status this version does not know: '{text}'.");

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

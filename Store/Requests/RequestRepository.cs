using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Fleet;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Requests;

/// <summary>
/// Requests and their changes. Each change is one transaction: the locked row, its version plus one, one row in
/// <c>request_events</c>, one notification to the other nodes.
/// </summary>
public sealed class RequestRepository(NpgsqlDataSource dataSource, FleetDirectory fleet)
{
    private const string CreateSql = """
        INSERT INTO service_requests
            (request_id, pickup_lat, pickup_lng, customer_name, note, customer_token_hash, creation_hash,
            tenant)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (request_id) DO NOTHING
        """;

    private const string FindSql = $"{RequestRow.Select} WHERE r.request_id = $1";
    private const string LockSql = $"{RequestRow.Select} WHERE r.request_id = $1 FOR UPDATE OF r";

    private const string ListSql = $"""
        {RequestRow.Select}
        WHERE (r.created_at, r.request_id) < ($1, $2) AND ($4::text[] IS NULL OR r.status = ANY($4))
            AND ($5::text IS NULL OR d.device_id = $5) AND ($6::timestamptz IS NULL OR r.created_at >= $6)
            AND ($7::timestamptz IS NULL OR r.created_at < $7) AND ($8::text IS NULL OR r.tenant = $8)
        ORDER BY r.created_at DESC, r.request_id DESC LIMIT $3
        """;

    private const string AssignSql = """
        UPDATE service_requests SET
            device_key = (SELECT device_key FROM devices WHERE device_id = $2 AND is_enabled),
            status = $3, version = version + 1, updated_at = clock_timestamp(), assigned_at = clock_timestamp(),
            arrival_noticed_at = NULL
        WHERE request_id = $1
        """;

    private const string HasDeviceSql =
        "SELECT EXISTS (SELECT FROM devices WHERE device_id = $1 AND is_enabled AND tenant = $2)";

    private const string ChangeStatusSql = """
        UPDATE service_requests SET status = $2, version = version + 1, updated_at = clock_timestamp()
        WHERE request_id = $1
        """;

    private const string ChangeNoteSql = """
        UPDATE service_requests SET note = $2, version = version + 1, updated_at = clock_timestamp()
        WHERE request_id = $1
        """;

    private const string NoticeArrivalSql = """
        UPDATE service_requests SET
            arrival_noticed_at = clock_timestamp(), version = version + 1, updated_at = clock_timestamp()
        WHERE request_id = $1
        """;

    private const string CreationHashSql = "SELECT creation_hash FROM service_requests WHERE request_id = $1";

    private const string RecordSql = $"""
        WITH recorded AS (
            INSERT INTO request_events (request_id, version, from_status, to_status, device_key, at, by, tenant)
            SELECT request_id, version, $2, status, device_key, updated_at, $3, tenant
            FROM service_requests WHERE request_id = $1)
        SELECT pg_notify('{FleetChange.Channel}', 'r:' || $1)
        """;

    private const string FindTenantSql = "SELECT tenant FROM service_requests WHERE request_id = $1";

    private const string TokenHashSql = "SELECT customer_token_hash FROM service_requests WHERE request_id = $1";

    /// <summary>Adds a pending request.</summary>
    /// <returns>The request, or null when there is one of that id already.</returns>
    public async Task<RequestRecord?> CreateAsync(NewRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(CreateSql, connection))
        {
            Add(command, request.RequestId, request.PickupLat, request.PickupLng);
            AddText(command, request.CustomerName);
            AddText(command, request.Note);
            Add(command, request.CustomerTokenHash.ToArray());
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Bytea,
                Value = request.CreationHash is { } hash ? hash.ToArray() : DBNull.Value,
            });
            Add(command, request.Tenant);
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return null;
            }
        }

        await RecordAsync(connection, request.RequestId, previous: null, request.By, cancellationToken);
        var row = (await ReadAsync(connection, FindSql, request.RequestId, cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        fleet.Apply(row.ToEntry());
        return row.Record;
    }

    /// <summary>The request, or null.</summary>
    public async Task<RequestRecord?> FindAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return (await ReadAsync(connection, FindSql, requestId, cancellationToken))?.Record;
    }

    /// <summary>The firm a request belongs to, empty for none; null when there is no such request.</summary>
    public async Task<string?> FindTenantAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindTenantSql);
        Add(command, requestId);
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>What a request was created from, as <see cref="NewRequest.CreationHash"/>; null when that is not known.</summary>
    public async Task<byte[]?> FindCreationHashAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(CreationHashSql);
        Add(command, requestId);
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    /// <summary>Requests, newest first, those before the given one (its creation time and id); null for the first page.</summary>
    public async Task<IReadOnlyList<RequestRecord>> ListAsync(
        TenantScope scope, DateTimeOffset? before, Guid? beforeId, int limit, CancellationToken cancellationToken,
        RequestFilter? filter = null)
    {
        filter ??= RequestFilter.None;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.TimestampTz,
            Value = (before ?? DateTimeOffset.MaxValue).UtcDateTime,
        });
        Add(command, beforeId ?? Guid.AllBitsSet, limit);
        command.Parameters.Add(new NpgsqlParameter<string[]?>
        {
            TypedValue = filter.Statuses.Count > 0 ? [.. filter.Statuses.Select(status => status.ToWire())] : null,
        });
        AddText(command, filter.DeviceId);
        AddTime(command, filter.From);
        AddTime(command, filter.To);
        command.AddTenant(scope);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var requests = new List<RequestRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            requests.Add(RequestRow.Read(reader).Record);
        }

        return requests;
    }

    /// <summary>
    /// Assigns a device: a pending request becomes assigned, a running one changes hands and keeps its status.
    /// Assigning the device it already has changes nothing and succeeds. A device of another tenant does not exist for it.
    /// </summary>
    /// <param name="requestId">The request.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="version">The version that the caller knows; null: whichever it is.</param>
    public Task<RequestChangeResult> AssignAsync(
        Guid requestId, string deviceId, string by, CancellationToken cancellationToken, int? version = null) =>
        ChangeAsync(requestId, version, by, async (connection, current) =>
        {
            if (current.Status.IsFinal())
            {
                return RequestChangeError.NotAllowed;
            }

            if (!await HasDeviceAsync(connection, deviceId, current.Tenant, cancellationToken))
            {
                return RequestChangeError.DeviceNotFound;
            }

            var status = current.Status == RequestStatus.Pending ? RequestStatus.Assigned : current.Status;
            if (current.DeviceId != deviceId)
            {
                await using var command = new NpgsqlCommand(AssignSql, connection);
                Add(command, requestId, deviceId, status.ToWire());
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return null;
        }, cancellationToken);

    /// <summary>Moves a request on (<see cref="RequestTransitions"/>); it becomes assigned only by <see cref="AssignAsync"/>.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="to">Its new status.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="version">The version that the caller knows; null: whichever it is.</param>
    /// <param name="deviceId">The device that must be assigned, else there is no such request; null: whichever is.</param>
    public Task<RequestChangeResult> ChangeStatusAsync(
        Guid requestId, RequestStatus to, string by, CancellationToken cancellationToken, int? version = null,
        string? deviceId = null) =>
        ChangeAsync(requestId, version, by, async (connection, current) =>
        {
            if (deviceId is not null && current.DeviceId != deviceId)
            {
                return RequestChangeError.NotFound;
            }

            if (to == RequestStatus.Assigned || !RequestTransitions.IsAllowed(current.Status, to))
            {
                return RequestChangeError.NotAllowed;
            }

            await using var command = new NpgsqlCommand(ChangeStatusSql, connection);
            Add(command, requestId, to.ToWire());
            await command.ExecuteNonQueryAsync(cancellationToken);
            return null;
        }, cancellationToken);

    /// <summary>Notes that the operator seems to have arrived, once for each who is on the way, for somebody to confirm it.</summary>
    public Task<RequestChangeResult> NoticeArrivalAsync(Guid requestId, string by, CancellationToken cancellationToken) =>
        ChangeAsync(requestId, version: null, by, async (connection, current) =>
        {
            if (current.Status != RequestStatus.EnRoute)
            {
                return RequestChangeError.NotAllowed;
            }

            if (current.ArrivalNoticedAt is null)
            {
                await using var command = new NpgsqlCommand(NoticeArrivalSql, connection);
                Add(command, requestId);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return null;
        }, cancellationToken);

    /// <summary>Changes what the operator is told; also when the request is over.</summary>
    public Task<RequestChangeResult> ChangeNoteAsync(
        Guid requestId, string? note, string by, CancellationToken cancellationToken, int? version = null) =>
        ChangeAsync(requestId, version, by, async (connection, current) =>
        {
            if (current.Note != note)
            {
                await using var command = new NpgsqlCommand(ChangeNoteSql, connection);
                Add(command, requestId);
                AddText(command, note);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            return null;
        }, cancellationToken);

    /// <summary>Keyed hash of the customer's token, for final requests too; null: no such request.</summary>
    public async Task<byte[]?> FindCustomerTokenHashAsync(Guid requestId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(TokenHashSql);
        Add(command, requestId);
        return (byte[]?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task<RequestChangeResult> ChangeAsync(
        Guid requestId, int? version, string by,
        Func<NpgsqlConnection, RequestRecord, Task<RequestChangeError?>> change, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await ReadAsync(connection, LockSql, requestId, cancellationToken);
        if (before is null)
        {
            return new RequestChangeResult(null, RequestChangeError.NotFound, null);
        }

        if (version is not null && version != before.Record.Version)
        {
            return new RequestChangeResult(null, RequestChangeError.Changed, before.Record);
        }

        if (await change(connection, before.Record) is { } error)
        {
            return new RequestChangeResult(null, error, before.Record);
        }

        var after = (await ReadAsync(connection, FindSql, requestId, cancellationToken))!;
        if (after.Record.Version != before.Record.Version)
        {
            await RecordAsync(connection, requestId, before.Record.Status, by, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            fleet.Apply(after.ToEntry());
        }

        var made = new RequestChange(after.Record, before.Record.Status, after.Record.UpdatedAt, by);
        return new RequestChangeResult(made, null, after.Record);
    }

    private static async Task<bool> HasDeviceAsync(
        NpgsqlConnection connection, string deviceId, string tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(HasDeviceSql, connection);
        Add(command, deviceId, tenant);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task RecordAsync(
        NpgsqlConnection connection, Guid requestId, RequestStatus? previous, string by,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RecordSql, connection);
        Add(command, requestId);
        AddText(command, previous?.ToWire());
        AddText(command, by);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<RequestRow?> ReadAsync(
        NpgsqlConnection connection, string sql, Guid requestId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Add(command, requestId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RequestRow.Read(reader) : null;
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    private static void AddTime(NpgsqlCommand command, DateTimeOffset? value) => command.Parameters.Add(
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)value?.UtcDateTime ?? DBNull.Value });

    private static void AddText(NpgsqlCommand command, string? value) => command.Parameters.Add(
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value });
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Fleet;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Sharing;

/// <summary>Shares of requests. Their tokens are not here: they are made from the row and a key.</summary>
public sealed class ShareRepository(NpgsqlDataSource dataSource, ShareNotices notices)
{
    private const int MaxAttempts = 10;

    // One at a time for a request, so that their number is right.
    private const string LockRequestSql =
        "SELECT status FROM service_requests WHERE request_id = $1 FOR NO KEY UPDATE";

    private const string FindByKeySql = $"SELECT {ShareRow.Columns}, creation_hash FROM shares WHERE creation_key = $1";
    private const string CountSql = "SELECT count(*) FROM shares WHERE request_id = $1";

    private const string CreateSql = $"""
        INSERT INTO shares (
            share_id, request_id, tenant, role, from_status, to_status, label, created_by, expires_at, creation_key,
            creation_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (share_id) DO NOTHING
        RETURNING {ShareRow.Columns}
        """;

    private const string FindSql = $"SELECT {ShareRow.Columns} FROM shares WHERE share_id = ANY($1)";

    private const string ListSql = $"""
        SELECT {ShareRow.Columns} FROM shares
        WHERE request_id = $1 AND ($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR created_by = $3)
        ORDER BY created_at DESC, share_id
        """;

    private const string RevokeSql = $"""
        WITH revoked AS (
            UPDATE shares SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, $4)
            WHERE share_id = $1 AND request_id = $2 AND ($3::text IS NULL OR tenant = $3)
                AND ($5::text IS NULL OR created_by = $5)
            RETURNING share_id)
        SELECT pg_notify('{FleetChange.Channel}', '{FleetChange.SharePrefix}' || share_id) FROM revoked
        """;

    // Who polls again and again without a cursor is one visitor.
    private const string RecordSql = """
        WITH added AS (
            INSERT INTO share_opens (share_id, at, address, agent, way)
            SELECT $1, $2, $3, $4, $5 FROM shares
            WHERE share_id = $1 AND NOT ($5 = 'poll' AND EXISTS (
                SELECT FROM share_opens
                WHERE share_id = $1 AND address = $3 AND agent = $4 AND way = $5 AND at > $2 - interval '1 minute'))
            RETURNING open_id)
        UPDATE shares SET opens = opens + 1, last_opened_at = greatest(last_opened_at, $2)
        WHERE share_id = $1 AND EXISTS (SELECT FROM added)
        """;

    private const string TrimSql = """
        DELETE FROM share_opens WHERE share_id = $1 AND open_id <= (
            SELECT open_id FROM share_opens WHERE share_id = $1 ORDER BY open_id DESC OFFSET $2 LIMIT 1)
        """;

    private const string OpensSql = """
        SELECT share_id, at, address, agent, way FROM share_opens WHERE share_id = $1 ORDER BY open_id DESC LIMIT $2
        """;

    private const string PruneOpensSql = "DELETE FROM share_opens WHERE at < $1";
    private const string PruneSql = "DELETE FROM shares WHERE expires_at < $1";

    private const string PhaseStartSql =
        "SELECT min(at) FROM request_events WHERE request_id = $1 AND to_status = ANY($2)";

    /// <summary>Makes a share, or finds the one that the same call made.</summary>
    /// <param name="share">What is wanted.</param>
    /// <param name="max">Most shares of one request, those that ended included.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ShareCreated> CreateAsync(NewShare share, int max, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ScalarAsync<string>(connection, LockRequestSql, share.RequestId, cancellationToken) is not { } status)
        {
            return new ShareCreated(null, ShareError.RequestNotFound);
        }

        if (share.CreationKey is not null && await FindSameAsync(connection, share, cancellationToken) is { } same)
        {
            return same;
        }

        if (RequestTransitions.TryParse(status, out var known) && known.IsFinal())
        {
            return new ShareCreated(null, ShareError.RequestOver);
        }

        if (await ScalarAsync<long?>(connection, CountSql, share.RequestId, cancellationToken) >= max)
        {
            return new ShareCreated(null, ShareError.TooMany);
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await TryInsertAsync(connection, share, cancellationToken) is { } created)
            {
                await transaction.CommitAsync(cancellationToken);
                return new ShareCreated(created);
            }
        }

        throw new InvalidOperationException($"{MaxAttempts} random numbers of shares were all taken.");
    }

    /// <summary>The share, or null.</summary>
    public async Task<ShareRecord?> FindAsync(uint shareId, CancellationToken cancellationToken) =>
        (await FindAsync([shareId], cancellationToken)).SingleOrDefault();

    /// <summary>Those of the shares that exist.</summary>
    public async Task<IReadOnlyList<ShareRecord>> FindAsync(
        IEnumerable<uint> shareIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindSql);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. shareIds.Select(id => (long)id)] });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>The shares of a request, newest first.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="tenant">Only those of this firm; null: of all.</param>
    /// <param name="by">Only those made by this one; null: by all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<ShareRecord>> ListAsync(
        Guid requestId, string? tenant, string? by, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = requestId });
        AddText(command, tenant);
        AddText(command, by);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Revokes a share for good and tells all nodes; once more changes nothing.</summary>
    /// <returns>False when there is no such share.</returns>
    public async Task<bool> RevokeAsync(
        Guid requestId, uint shareId, string? tenant, string? createdBy, string by, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RevokeSql);
        command.Parameters.Add(new() { Value = (long)shareId });
        command.Parameters.Add(new() { Value = requestId });
        AddText(command, tenant);
        AddText(command, by);
        AddText(command, createdBy);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return false;
            }
        }

        notices.Tell(shareId);
        return true;
    }

    /// <summary>Writes down that a link was opened; polls from one place within a minute are one visit.</summary>
    /// <param name="opening">Who.</param>
    /// <param name="kept">Most openings of one share that are kept; the oldest go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RecordAsync(ShareOpening opening, int kept, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var recorded = await ExecuteAsync(
            connection, RecordSql, cancellationToken, (long)opening.ShareId, opening.At.UtcDateTime, opening.Address,
            opening.Agent, opening.Way);
        if (recorded > 0)
        {
            await ExecuteAsync(connection, TrimSql, cancellationToken, (long)opening.ShareId, (long)kept);
        }
    }

    /// <summary>Who opened a share, newest first.</summary>
    public async Task<IReadOnlyList<ShareOpening>> ListOpeningsAsync(
        uint shareId, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(OpensSql);
        command.Parameters.Add(new() { Value = (long)shareId });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var openings = new List<ShareOpening>();
        while (await reader.ReadAsync(cancellationToken))
        {
            openings.Add(new ShareOpening(
                (uint)reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2),
                reader.GetString(3), reader.GetString(4)));
        }

        return openings;
    }

    /// <summary>Removes what is too old; may be repeated, on several nodes at once.</summary>
    /// <param name="openingsBefore">Openings before this time.</param>
    /// <param name="sharesBefore">Shares that ended before this time, with their openings.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PruneAsync(
        DateTimeOffset openingsBefore, DateTimeOffset sharesBefore, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, PruneOpensSql, cancellationToken, openingsBefore.UtcDateTime);
        await ExecuteAsync(connection, PruneSql, cancellationToken, sharesBefore.UtcDateTime);
    }

    /// <summary>When a request came into a phase, UTC; null when it has not.</summary>
    public async Task<DateTimeOffset?> FindPhaseStartAsync(
        Guid requestId, SharePhase phase, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(PhaseStartSql);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. Enum.GetValues<RequestStatus>()
                .Where(status => phase.StandingAt(status) == PhaseStanding.Within).Select(status => status.ToWire())],
        });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime at ? new DateTimeOffset(at) : null;
    }

    private static async Task<ShareCreated?> FindSameAsync(
        NpgsqlConnection connection, NewShare share, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindByKeySql, connection) { Parameters = { new() { Value = share.CreationKey } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var hash = reader.GetFieldValue<byte[]>(reader.FieldCount - 1);
        return hash.AsSpan().SequenceEqual(share.CreationHash)
            ? new ShareCreated(ShareRow.Read(reader), IsReplayed: true)
            : new ShareCreated(null, ShareError.KeyReused);
    }

    private static async Task<ShareRecord?> TryInsertAsync(
        NpgsqlConnection connection, NewShare share, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CreateSql, connection);
        command.Parameters.Add(new()
        {
            Value = (long)BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(sizeof(uint))),
        });
        command.Parameters.Add(new() { Value = share.RequestId });
        AddText(command, share.Tenant);
        AddText(command, ShareRow.NameOf(share.Role));
        AddText(command, share.Phase.From.ToWire());
        AddText(command, share.Phase.To.ToWire());
        AddText(command, share.Label);
        AddText(command, share.By);
        command.Parameters.Add(new() { Value = share.ExpiresAt.UtcDateTime });
        AddBytes(command, share.CreationKey);
        AddBytes(command, share.CreationHash);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    private static async Task<IReadOnlyList<ShareRecord>> ReadAsync(
        NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var shares = new List<ShareRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            shares.Add(ShareRow.Read(reader));
        }

        return shares;
    }

    private static async Task<T?> ScalarAsync<T>(
        NpgsqlConnection connection, string sql, object value, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        return (T?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddText(NpgsqlCommand command, string? text) => command.Parameters.Add(
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)text ?? DBNull.Value });

    private static void AddBytes(NpgsqlCommand command, byte[]? bytes) => command.Parameters.Add(
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)bytes ?? DBNull.Value });
}

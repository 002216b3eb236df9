using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Fleet;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Tokens;

/// <summary>The table <c>issued_tokens</c>: which tokens there are, and which were taken back.</summary>
public sealed class IssuedTokenRepository(NpgsqlDataSource dataSource, RevokedTokens revoked)
{
    private const string Columns =
        "token_id, role, tenant, issued_at, issued_by, expires_at, subject, device_id, request_id, revoked_at, revoked_by";

    private const string InsertSql = """
        INSERT INTO issued_tokens (token_id, role, tenant, issued_at, issued_by, expires_at, subject, device_id, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string ListSql = $"""
        SELECT {Columns} FROM issued_tokens
        WHERE (issued_at, token_id) < ($1, $2) AND ($3::text IS NULL OR tenant = $3)
        ORDER BY issued_at DESC, token_id DESC LIMIT $4
        """;

    private const string Told = $"""
        SELECT expires_at, pg_notify('{FleetChange.Channel}',
            '{FleetChange.TokenPrefix}' || extract(epoch FROM expires_at)::bigint || ':' || token_id) FROM changed
        """;

    private const string RevokeSql = $"""
        WITH changed AS (
            UPDATE issued_tokens SET revoked_at = coalesce(revoked_at, now()), revoked_by = coalesce(revoked_by, $3)
            WHERE token_id = $1 AND ($2::text IS NULL OR tenant = $2)
            RETURNING token_id, expires_at)
        {Told}
        """;

    // One of another issuer, or one from before tokens were written down.
    private const string RevokeUnknownSql = $"""
        WITH changed AS (
            INSERT INTO issued_tokens (token_id, issued_at, issued_by, expires_at, revoked_at, revoked_by)
            VALUES ($1, now(), $3, $2, now(), $3)
            ON CONFLICT (token_id) DO UPDATE SET revoked_at = coalesce(issued_tokens.revoked_at, excluded.revoked_at),
                revoked_by = coalesce(issued_tokens.revoked_by, excluded.revoked_by),
                expires_at = greatest(issued_tokens.expires_at, excluded.expires_at)
            RETURNING token_id, expires_at)
        {Told}
        """;

    private const string RevokedSql = "SELECT token_id, expires_at FROM issued_tokens WHERE revoked_at IS NOT NULL AND expires_at > now() - interval '10 minutes'";
    private const string PruneSql = "DELETE FROM issued_tokens WHERE expires_at < $1";

    /// <summary>Writes down a token that is about to be issued.</summary>
    public async Task AddAsync(IssuedToken token, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(InsertSql);
        command.Parameters.Add(new() { Value = token.TokenId });
        AddText(command, token.Role);
        command.Parameters.Add(new() { Value = token.Tenant });
        command.Parameters.Add(new() { Value = token.IssuedAt.UtcDateTime });
        command.Parameters.Add(new() { Value = token.IssuedBy });
        command.Parameters.Add(new() { Value = token.ExpiresAt.UtcDateTime });
        AddText(command, token.Subject);
        AddText(command, token.DeviceId);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)token.RequestId ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The tokens, newest first: those before the given one; null for the first page.</summary>
    /// <param name="scope">Of which firm.</param>
    /// <param name="before">The last token of the page before.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<IssuedToken>> ListAsync(
        TenantScope scope, (DateTimeOffset IssuedAt, string TokenId)? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var (at, id) = before ?? (DateTimeOffset.MaxValue, "");
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = at.UtcDateTime });
        command.Parameters.Add(new() { Value = id });
        command.AddTenant(scope);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tokens = new List<IssuedToken>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tokens.Add(Read(reader));
        }

        return tokens;
    }

    /// <summary>
    /// Takes a token back for good: on this node when this returns, on the others as soon as they hear of it. Doing it twice
    /// changes nothing.
    /// </summary>
    /// <returns>Whether there is such a token.</returns>
    public async Task<bool> RevokeAsync(string tokenId, TenantScope scope, string by, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RevokeSql);
        command.Parameters.Add(new() { Value = tokenId });
        command.AddTenant(scope);
        command.Parameters.Add(new() { Value = by });
        return await RevokeAsync(command, tokenId, cancellationToken);
    }

    /// <summary>The same of a token that need not have been issued here.</summary>
    public async Task RevokeUnknownAsync(RevokedToken token, string by, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RevokeUnknownSql);
        command.Parameters.Add(new() { Value = token.TokenId });
        command.Parameters.Add(new() { Value = token.ExpiresAt.UtcDateTime });
        command.Parameters.Add(new() { Value = by });
        await RevokeAsync(command, token.TokenId, cancellationToken);
    }

    /// <summary>Forgets tokens that expired before that time.</summary>
    /// <returns>How many.</returns>
    public async Task<int> PruneAsync(DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(PruneSql);
        command.Parameters.Add(new() { Value = expiredBefore.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All that were taken back and have not expired.</summary>
    internal static async Task<IReadOnlyList<RevokedToken>> ReadRevokedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RevokedSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tokens = new List<RevokedToken>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tokens.Add(new RevokedToken(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return tokens;
    }

    private async Task<bool> RevokeAsync(NpgsqlCommand command, string tokenId, CancellationToken cancellationToken)
    {
        if (await command.ExecuteScalarAsync(cancellationToken) is not DateTime expiresAt)
        {
            return false;
        }

        revoked.Add(new RevokedToken(tokenId, expiresAt));
        return true;
    }

    private static IssuedToken Read(NpgsqlDataReader row) => new(
        row.GetString(0), Text(row, 1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5))
    {
        Subject = Text(row, 6),
        DeviceId = Text(row, 7),
        RequestId = row.IsDBNull(8) ? null : row.GetGuid(8),
        RevokedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        RevokedBy = Text(row, 10),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static void AddText(NpgsqlCommand command, string? value) => command.Parameters.Add(
        new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value });
}

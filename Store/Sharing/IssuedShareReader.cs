using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Sharing;

/// <summary>Reads the shares of all requests.</summary>
public sealed class IssuedShareReader(NpgsqlDataSource dataSource)
{
    private const string Sql = $"""
        SELECT s.*, r.status FROM (
            SELECT {ShareRow.Columns} FROM shares
            WHERE (created_at, share_id) < ($1, $2) AND ($3::text IS NULL OR tenant = $3)
            ORDER BY created_at DESC, share_id DESC LIMIT $4) s
        JOIN service_requests r USING (request_id)
        ORDER BY s.created_at DESC, s.share_id DESC
        """;

    /// <summary>The shares, newest first: those before the given one; null for the first page.</summary>
    /// <param name="scope">Whose requests.</param>
    /// <param name="before">The last share of the page before.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<IssuedShare>> ListAsync(
        TenantScope scope, (DateTimeOffset CreatedAt, uint ShareId)? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var (at, id) = before ?? (DateTimeOffset.MaxValue, uint.MaxValue);
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = at.UtcDateTime });
        command.Parameters.Add(new() { Value = (long)id });
        command.AddTenant(scope);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var shares = new List<IssuedShare>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var text = reader.GetString(reader.FieldCount - 1);
            shares.Add(RequestTransitions.TryParse(text, out var status)
                ? new IssuedShare(ShareRow.Read(reader), status)
                : throw new InvalidDataException($"The database holds a request status this version does not know: '{text}'."));
        }

        return shares;
    }
}

using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>Keeps payloads that can never become a position, at most <see cref="StoreOptions.MaxDeadLetters"/>.</summary>
/// <remarks>
/// At least once: after a crash a letter may be there twice. Positions that the database refused are never forgotten:
/// they were acknowledged, and a constraint that somebody added may refuse any number of them.
/// </remarks>
public sealed class DeadLetterWriter(NpgsqlDataSource dataSource, IOptions<StoreOptions> options)
{
    /// <summary>Code of the dead letter made from a position the database refused.</summary>
    public const string RefusedPositionCode = RejectedPayload.RefusedByStoreCode;

    private const string InsertSql = """
        INSERT INTO dead_letters (at, device_id, topic, code, detail, payload, content_type, dialect, size)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    // Numbers rise by one per letter, so this keeps at most so many without counting them.
    private const string TrimSql = $"""
        DELETE FROM dead_letters
        WHERE id <= (SELECT max(id) FROM dead_letters) - $1 AND code <> '{RefusedPositionCode}'
        """;

    /// <summary>Stores the letters and forgets the oldest beyond the limit, in one transaction.</summary>
    public async Task WriteAsync(IReadOnlyList<RejectedPayload> letters, CancellationToken cancellationToken)
    {
        if (letters.Count == 0)
        {
            return;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var insert = new NpgsqlCommand(InsertSql, connection))
        {
            AddColumn(insert, letters, letter => letter.ReceivedAt.UtcDateTime);
            AddColumn(insert, letters, letter => Clean(letter.DeviceId));
            AddColumn(insert, letters, letter => Clean(letter.Topic));
            AddColumn(insert, letters, letter => Clean(letter.Code));
            AddColumn(insert, letters, letter => Clean(letter.Detail));
            AddColumn(insert, letters, Payload);
            AddColumn(insert, letters, letter => letter.ContentType is { } type ? Clean(type) : null);
            AddColumn(insert, letters, letter => letter.Dialect);
            AddColumn(insert, letters, letter => letter.Size ?? letter.Payload.Length);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var trim = new NpgsqlCommand(TrimSql, connection))
        {
            trim.Parameters.Add(new NpgsqlParameter<long> { TypedValue = options.Value.MaxDeadLetters });
            await trim.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static byte[] Payload(RejectedPayload letter) =>
        letter.Payload[..Math.Min(letter.Payload.Length, RejectedPayload.MaxPayload)].ToArray();

    // PostgreSQL's text cannot hold U+0000, and a dead letter must not become a poison row itself.
    private static string Clean(string text) => text.Replace('\0', '\uFFFD');

    private static void AddColumn<T>(
        NpgsqlCommand command, IEnumerable<RejectedPayload> letters, Func<RejectedPayload, T> column) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. letters.Select(column)] });
}

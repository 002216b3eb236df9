using ArtMqtt.Contracts.Live;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Journal;

/// <summary>The events of live streams in <c>live_events</c>, for some hours.</summary>
public sealed class JournalRepository(NpgsqlDataSource dataSource)
{
    private const string CopySql =
        "COPY live_events (request_id, epoch, seq, at, name, data) FROM STDIN (FORMAT binary)";

    private const string ReadSql = """
        SELECT seq, name, data FROM live_events
        WHERE request_id = $1 AND epoch = $2 AND seq > $3 AND seq <= $4 ORDER BY seq
        """;

    private const string ForgetSql = "SELECT count(*) FROM drop_chunks('live_events', older_than => $1)";

    /// <summary>Adds entries, all or none.</summary>
    public async Task WriteAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(CopySql, cancellationToken);
        foreach (var entry in entries)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(entry.RequestId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(entry.Epoch, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(entry.Sequence, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(entry.At.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(entry.Event.Name, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(LiveEventJson.Write(entry.Event), NpgsqlDbType.Text, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// The events of one stream with these numbers, in order, each once; null when one of them is not there, or is of
    /// a kind that this version does not know.
    /// </summary>
    /// <param name="requestId">The request.</param>
    /// <param name="epoch">Incarnation of its stream.</param>
    /// <param name="after">Number before the first.</param>
    /// <param name="through">Number of the last.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<LiveEvent>?> ReadAsync(
        Guid requestId, string epoch, long after, long through, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ReadSql);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = epoch });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = through });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<LiveEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var ahead = reader.GetInt64(0) - after - events.Count;
            if (ahead < 1)
            {
                // Written twice: the answer to the first attempt was lost.
                continue;
            }

            if (ahead > 1 || LiveEventJson.TryRead(reader.GetString(1), reader.GetString(2)) is not { } liveEvent)
            {
                return null;
            }

            events.Add(liveEvent);
        }

        return events.Count == through - after ? events : null;
    }

    /// <summary>Forgets what is older; up to an hour of it stays.</summary>
    public async Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ForgetSql);
        command.Parameters.Add(new() { Value = before.UtcDateTime });
        await command.ExecuteScalarAsync(cancellationToken);
    }
}

using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store;
using ArtMqtt.Store.Positions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtMqtt.Ingest;

/// <summary>
/// Stores one batch. A position the database refuses for what it is goes to the dead letters alone: the rows are
/// halved until the culprit stands by itself, and all others are stored. Doing it twice is harmless.
/// </summary>
internal sealed partial class BatchStore(
    PositionWriter positions, DeadLetterWriter letters, IngestMetrics metrics, TimeProvider time,
    ILogger<BatchStore> logger)
{
    /// <summary>Code of the dead letter made from a position the database refused.</summary>
    public const string RefusedCode = "position_refused_by_store";

    /// <summary>Stores positions and dead letters of the batch.</summary>
    public async Task StoreAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var lanes = batch.Lanes.Select(
            lane => WriteAsync(lane.All, positions.WriteAsync, isSuspect: false, cancellationToken));
        List<RefusedRow> refused = [.. (await Task.WhenAll(lanes)).SelectMany(rows => rows)];
        refused.AddRange(
            await WriteAsync(batch.Suspect.All, positions.WriteSuspectAsync, isSuspect: true, cancellationToken));
        await WriteLettersAsync(
            [.. batch.Rejected, .. refused.Select(row => Refused(batch, row))], cancellationToken);
        metrics.Duplicates(batch.Doubles);
        if (batch.ReceivedAt is { } receivedAt)
        {
            metrics.Lag(time.GetUtcNow() - receivedAt);
        }
    }

    private async Task<List<RefusedRow>> WriteAsync(
        PositionSlice rows, Func<PositionSlice, CancellationToken, Task<int>> write, bool isSuspect,
        CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        try
        {
            var started = time.GetTimestamp();
            var written = await write(rows, cancellationToken);
            metrics.Written(written, rows.Count - written, isSuspect, time.GetElapsedTime(started));
            return [];
        }
        catch (PostgresException e) when (StoreErrors.IsPermanent(e))
        {
            if (rows.Count == 1)
            {
                LogRefused(rows[0].Source.DeviceKey, e.SqlState);
                return [new RefusedRow(rows[0], $"{e.SqlState}: {e.MessageText}")];
            }
        }

        var (first, second) = rows.Halve();
        return
        [
            .. await WriteAsync(first, write, isSuspect, cancellationToken),
            .. await WriteAsync(second, write, isSuspect, cancellationToken),
        ];
    }

    private async Task WriteLettersAsync(List<RejectedPayload> rejected, CancellationToken cancellationToken)
    {
        try
        {
            await letters.WriteAsync(rejected, cancellationToken);
            rejected.ForEach(letter => metrics.DeadLetter(letter.Code));
        }
        catch (PostgresException e) when (StoreErrors.IsPermanent(e))
        {
            // Refused twice for its content: to stop here would block every good position behind it.
            metrics.LostLetters(rejected.Count);
            LogLettersLost(e, rejected.Count);
        }
    }

    // As it was in the spool: to the bit, and ready to be put there again once the cause is gone.
    private static RejectedPayload Refused(IngestBatch batch, RefusedRow refused)
    {
        var row = refused.Row;
        SpoolRecord.TryDecode(batch.RecordOf(row), out var received, out _);
        var alone = received! with
        {
            Positions = [received.Positions.First(item => item.Position.Equals(row.Position))],
        };
        return new RejectedPayload(
            received.DeviceId, Topic: "", received.ReceivedAt, RefusedCode, refused.Reason, SpoolRecord.Encode(alone));
    }

    [LoggerMessage(LogLevel.Warning, "A position of device {DeviceKey} was refused ({SqlState}) and kept as a dead letter")]
    private partial void LogRefused(int deviceKey, string sqlState);

    private readonly record struct RefusedRow(PositionRow Row, string Reason);

    [LoggerMessage(LogLevel.Error, "{Count} dead letters were refused by the database and are lost")]
    private partial void LogLettersLost(Exception exception, int count);
}

using System.Diagnostics;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store;
using ArtMqtt.Store.Positions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtMqtt.Ingest;

/// <summary>
/// Stores one batch. A position the database refuses for what it is goes to the dead letters alone: the batch is
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
        var refused = new List<RejectedPayload>();
        await WriteAsync(batch.Received, refused, cancellationToken);
        await WriteLettersAsync([.. batch.Rejected, .. refused], cancellationToken);
        if (batch.Received.Count > 0)
        {
            metrics.Lag(time.GetUtcNow() - batch.Received[^1].ReceivedAt);
        }
    }

    private async Task WriteAsync(
        IReadOnlyList<ReceivedPositions> received, List<RejectedPayload> refused, CancellationToken cancellationToken)
    {
        if (received.Count == 0)
        {
            return;
        }

        try
        {
            var started = time.GetTimestamp();
            var result = await positions.WriteAsync(received, cancellationToken);
            metrics.Written(result, time.GetElapsedTime(started));
        }
        catch (PostgresException e) when (StoreErrors.IsPermanent(e))
        {
            if (received is [{ Positions.Count: 1 } culprit])
            {
                refused.Add(Refused(culprit, e));
                return;
            }

            var (first, second) = Halve(received);
            await WriteAsync(first, refused, cancellationToken);
            await WriteAsync(second, refused, cancellationToken);
        }
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

    private RejectedPayload Refused(ReceivedPositions culprit, PostgresException e)
    {
        LogRefused(culprit.DeviceId, e.SqlState);
        // As it was in the spool: to the bit, and ready to be put there again once the cause is gone.
        return new RejectedPayload(
            culprit.DeviceId, Topic: "", culprit.ReceivedAt, RefusedCode, $"{e.SqlState}: {e.MessageText}",
            SpoolRecord.Encode(culprit));
    }

    private static (IReadOnlyList<ReceivedPositions> First, IReadOnlyList<ReceivedPositions> Second) Halve(
        IReadOnlyList<ReceivedPositions> received)
    {
        if (received.Count > 1)
        {
            var half = received.Count / 2;
            return ([.. received.Take(half)], [.. received.Skip(half)]);
        }

        var publish = received[0];
        var middle = publish.Positions.Count / 2;
        Debug.Assert(middle > 0, "One position cannot be halved.");
        return (
            [publish with { Positions = [.. publish.Positions.Take(middle)] }],
            [publish with { Positions = [.. publish.Positions.Skip(middle)] }]);
    }

    [LoggerMessage(LogLevel.Warning, "A position of {DeviceId} was refused ({SqlState}) and kept as a dead letter")]
    private partial void LogRefused(string deviceId, string sqlState);

    [LoggerMessage(LogLevel.Error, "{Count} dead letters were refused by the database and are lost")]
    private partial void LogLettersLost(Exception exception, int count);
}

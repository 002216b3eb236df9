using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Positions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtMqtt.Ingest;

/// <summary>
/// Stores one batch. A position the database refuses for what it is goes to the dead letters alone: what is written at
/// once is halved until the culprit stands by itself, and all others are stored. After a failure it may be called again
/// with the same batch and goes on where it was; doing it twice is harmless.
/// </summary>
internal sealed partial class BatchStore(
    PositionWriter positions, DeadLetterWriter letters, DeviceEventWriter events, IngestState state, IngestMetrics metrics, TimeProvider time,
    ILogger<BatchStore> logger)
{
    private const int MaxLetters = 5_000;

    private readonly WriteLimit _limit = new();

    /// <summary>Stores positions and dead letters of the batch.</summary>
    public async Task StoreAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        await Task.WhenAll(batch.Lanes.Select(
            lane => WriteAsync(lane, positions.WriteAsync, isSuspect: false, cancellationToken)));
        await WriteAsync(batch.Suspect, positions.WriteSuspectAsync, isSuspect: true, cancellationToken);
        await WriteLettersAsync(batch, cancellationToken);
        await WriteEventsAsync(batch, cancellationToken);
        metrics.Duplicates(batch.Doubles);
        if (batch.ReceivedAt is { } receivedAt)
        {
            metrics.Lag(time.GetUtcNow() - receivedAt);
            state.Stored(receivedAt);
        }
    }

    private async Task WriteAsync(
        IngestLane lane, Func<PositionSlice, CancellationToken, Task<int>> write, bool isSuspect,
        CancellationToken cancellationToken)
    {
        var most = lane.Left;
        while (lane.Left > 0)
        {
            var rows = lane.Next(Math.Min(most, _limit.Rows));
            try
            {
                var started = time.GetTimestamp();
                var written = await write(rows, cancellationToken);
                metrics.Written(written, rows.Count - written, isSuspect, time.GetElapsedTime(started));
                state.Stepped();
                lane.Stored(rows.Count);
                _limit.Fits(rows.Count);
                most = Math.Max(most, rows.Count * 2);
            }
            catch (PostgresException e) when (StoreErrors.IsPermanent(e))
            {
                most = Math.Max(1, rows.Count / 2);
                if (rows.Count == 1)
                {
                    lane.Refuse($"{e.SqlState}: {e.MessageText}");
                    state.Stepped();
                }
            }
            catch (Exception e) when (StoreErrors.IsTooMuch(e))
            {
                _limit.TooMuch(rows.Count);
                throw;
            }
        }
    }

    private async Task WriteLettersAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        var refused = batch.Refused().ToList();
        var all = batch.Rejected.Count + refused.Count;
        if (refused.Count > 0 && batch.Kept == 0)
        {
            LogRefused(refused.Count, refused[0].Row.Source.DeviceKey, refused[0].Reason[..5]);
        }

        while (batch.Kept < all)
        {
            // Not made before they are needed: each holds what was sent.
            var most = Math.Min(MaxLetters, _limit.Rows);
            var next = batch.Kept < batch.Rejected.Count
                ? batch.Rejected.Skip(batch.Kept).Take(most).ToList()
                : [.. refused.Skip(batch.Kept - batch.Rejected.Count).Take(most).Select(row => Letter(batch, row))];
            await KeepAsync(next, cancellationToken);
            batch.Kept += next.Count;
            state.Stepped();
        }
    }

    private async Task WriteEventsAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await events.WriteAsync(batch.Events, cancellationToken);
            metrics.DeviceEvents(batch.Events.Count);
            state.Stepped();
        }
        catch (PostgresException e) when (StoreErrors.IsPermanent(e))
        {
            // They are for those who look after devices; the positions behind them are worth more.
            metrics.LostDeviceEvents(batch.Events.Count);
            LogEventsLost(e, batch.Events.Count);
        }
    }

    private async Task KeepAsync(List<RejectedPayload> rejected, CancellationToken cancellationToken)
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
        catch (Exception e) when (StoreErrors.IsTooMuch(e))
        {
            _limit.TooMuch(rejected.Count);
            throw;
        }
    }

    // As it was in the spool: to the bit, and ready to be put there again once the cause is gone.
    private static RejectedPayload Letter(IngestBatch batch, RefusedRow refused)
    {
        var row = refused.Row;
        SpoolRecord.TryDecode(batch.RecordOf(row), out var received, out _);
        var alone = received! with
        {
            Positions = [received.Positions.First(item => item.Position.Equals(row.Position))],
        };
        // Whose it is, so that an erasure finds it; the topic it came by is not in the spool.
        var topic = received.RequestId is { } requestId ? Topics.RequestPosition(requestId, received.Role) : "";
        return new RejectedPayload(
            received.DeviceId, topic, received.ReceivedAt, DeadLetterWriter.RefusedPositionCode, refused.Reason,
            SpoolRecord.Encode(alone));
    }

    [LoggerMessage(LogLevel.Warning,
        "{Count} positions were refused by the database and kept as dead letters, the first one of device {DeviceKey} ({SqlState})")]
    private partial void LogRefused(int count, int deviceKey, string sqlState);

    [LoggerMessage(LogLevel.Error, "{Count} events of devices were refused by the database and are lost")]
    private partial void LogEventsLost(Exception exception, int count);

    [LoggerMessage(LogLevel.Error, "{Count} dead letters were refused by the database and are lost")]
    private partial void LogLettersLost(Exception exception, int count);
}

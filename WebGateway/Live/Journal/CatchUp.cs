using ArtMqtt.Live;
using ArtMqtt.Store;
using ArtMqtt.Store.Journal;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live.Journal;

/// <summary>Finds what a watcher missed: in the stream's ring, and what that has forgotten in the journal.</summary>
internal sealed partial class CatchUp(
    JournalRepository journal, JournalWriter writer, IOptions<JournalOptions> options, GatewayMetrics metrics,
    TimeProvider time, ILogger<CatchUp> logger)
{
    // The snapshot is a good answer too, so nobody waits for long.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>The missed events, all of them up to the subscription's cursor; null when they cannot be had.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="since">Where the watcher stood, or null.</param>
    /// <param name="subscription">The subscription that began with it.</param>
    /// <param name="cancellationToken">The watcher is gone.</param>
    public async Task<IReadOnlyList<NumberedEvent>?> FindAsync(
        Guid requestId, Cursor? since, ILiveSubscription subscription, CancellationToken cancellationToken)
    {
        if (subscription is ShareSubscription shared)
        {
            return await FindAsync(requestId, since, shared.Whole, cancellationToken) is { } all ? shared.Filter(all) : null;
        }

        if (since is not { } from)
        {
            return null;
        }

        var missed = subscription.IsRecovered
            ? subscription.Missed
            : await FromJournalAsync(requestId, from, subscription, cancellationToken);
        metrics.CaughtUp(missed is null ? "not" : subscription.IsRecovered ? "ring" : "journal");
        return missed;
    }

    private async Task<IReadOnlyList<NumberedEvent>?> FromJournalAsync(
        Guid requestId, Cursor from, ILiveSubscription subscription, CancellationToken cancellationToken)
    {
        var (epoch, last) = subscription.Cursor;
        if (!options.Value.Enabled || from.Epoch != epoch || from.Sequence >= last
            || last - from.Sequence > options.Value.MaxCatchUp)
        {
            return null;
        }

        // The newest are those that the ring still has.
        var through = last - subscription.Missed.Count;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var patience = new CancellationTokenSource(_patience, time);
        await using var gaveUp = patience.Token.UnsafeRegister(static l => ((CancellationTokenSource)l!).Cancel(), limit);
        try
        {
            var events = await journal.ReadAsync(requestId, epoch, from.Sequence, through, limit.Token);
            if (events is null)
            {
                await writer.SettleAsync(limit.Token);
                events = await journal.ReadAsync(requestId, epoch, from.Sequence, through, limit.Token);
            }

            return events is null
                ? null
                : [.. events.Select((e, i) => new NumberedEvent(new Cursor(epoch, from.Sequence + 1 + i), e)), .. subscription.Missed];
        }
        catch (Exception e) when (StoreErrors.IsOutage(e)
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailed(e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The journal of live events could not be read: {Reason}; a watcher gets the snapshot")]
    private partial void LogFailed(string reason);
}

using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store;
using ArtMqtt.Store.Sharing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// Ends what is open with a link that was revoked (as soon as it is heard of), has expired, or whose job is over on another
/// node (twice a second); and removes what is too old.
/// </summary>
internal sealed partial class ShareUpkeep(
    OpenShares open, ShareRepository shares, IFleetDirectory fleet, IOptions<SharingOptions> options, TimeProvider time,
    ILogger<ShareUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _prune = TimeSpan.FromHours(1);

    private long _prunedAt;
    private bool _isOut;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _prunedAt = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await open.WaitAsync(_look, stoppingToken);
                foreach (var one in open.All)
                {
                    Look(one);
                }

                await SettleAsync([.. open.All.Where(one => one.IsDoubtful)], stoppingToken);
                await PruneAsync(stoppingToken);
                _isOut = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (StoreErrors.IsOutage(e))
            {
                // Asked again at the next look: what nobody can tell stays open, as customers' links do.
                if (!_isOut)
                {
                    LogNotAsked(StoreFailure.Describe(e));
                }

                _isOut = true;
                await Task.Delay(_look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Look(OpenShare one)
    {
        if (time.GetUtcNow() >= one.Share.ExpiresAt)
        {
            one.End(ShareEnd.Expired);
            return;
        }

        var request = fleet.FindRequest(one.Share.RequestId);
        one.HasSeenRequest |= request is not null;
        var isOver = request is null
            ? one.HasSeenRequest && fleet.IsCurrent
            : one.Share.Phase.StandingAt(request.Status) == PhaseStanding.Over;
        // The directory may be ahead of the stream, which has the last status.
        if (isOver && one.IsSuspect)
        {
            one.End(ShareEnd.Over);
        }

        one.IsSuspect = isOver;
    }

    private async Task SettleAsync(IReadOnlyList<OpenShare> doubtful, CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0)
        {
            return;
        }

        var doubts = doubtful.ToDictionary(one => one, one => one.Doubts);
        var found = (await shares.FindAsync(doubtful.Select(one => one.Share.ShareId).Distinct(), cancellationToken))
            .ToDictionary(share => share.ShareId);
        foreach (var (one, number) in doubts)
        {
            if (found.GetValueOrDefault(one.Share.ShareId) is { RevokedAt: null })
            {
                one.Settle(number);
            }
            else
            {
                one.End(ShareEnd.Revoked);
                one.Settle(number);
            }
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_prunedAt) < _prune)
        {
            return;
        }

        _prunedAt = time.GetTimestamp();
        var now = time.GetUtcNow();
        await shares.PruneAsync(now - options.Value.KeepOpens, now - options.Value.KeepEnded, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Whether shared links still count is not known ({Reason}); trying again")]
    private partial void LogNotAsked(string reason);
}

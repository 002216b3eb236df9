using System.Collections.Concurrent;
using System.Security.Claims;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>What is open on this node with shared links.</summary>
internal sealed class OpenShares : IDisposable
{
    private readonly ConcurrentDictionary<OpenShare, bool> _open = new();
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly ShareDirectory _directory;
    private readonly ShareNotices _notices;
    private readonly ShareAudit _audit;
    private readonly SharingMetrics _metrics;
    private readonly TimeProvider _time;

    /// <param name="directory">Hears of revocations before this does, because it was made before.</param>
    /// <param name="notices">Tells of revocations.</param>
    /// <param name="audit">Writes down who opens.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    public OpenShares(
        ShareDirectory directory, ShareNotices notices, ShareAudit audit, SharingMetrics metrics, TimeProvider time)
    {
        (_directory, _notices, _audit, _metrics, _time) = (directory, notices, audit, metrics, time);
        notices.Heard += Doubt;
    }

    public ICollection<OpenShare> All => _open.Keys;

    /// <summary>Whoever comes with a link is on the list until the result is disposed; null for all others.</summary>
    /// <param name="user">Who.</param>
    /// <param name="http">The call.</param>
    /// <param name="way">hub, stream or poll.</param>
    public OpenShare? Enter(ClaimsPrincipal user, HttpContext http, string way)
    {
        if (user.Identity is not ShareIdentity identity)
        {
            return null;
        }

        var opening = _audit.Describe(identity.Share.ShareId, http, way);
        var open = new OpenShare(identity.Share, _time, Leave, () => _audit.Write(opening));
        open.WhenEnded(_metrics.Closed);
        _open[open] = true;
        _metrics.OpenChanged(+1);
        if (_directory.Version != identity.Version)
        {
            open.Doubt();
            Wake();
        }

        return open;
    }

    /// <summary>Waits until something may have to be closed, or the time is over.</summary>
    public Task<bool> WaitAsync(TimeSpan time, CancellationToken cancellationToken) => _news.WaitAsync(time, cancellationToken);

    public void Dispose()
    {
        _notices.Heard -= Doubt;
        _news.Dispose();
    }

    private void Doubt(uint? shareId)
    {
        var isAny = false;
        foreach (var open in _open.Keys)
        {
            if (shareId is null || open.Share.ShareId == shareId)
            {
                open.Doubt();
                isAny = true;
            }
        }

        if (isAny)
        {
            Wake();
        }
    }

    private void Leave(OpenShare open)
    {
        if (_open.TryRemove(open, out _))
        {
            _metrics.OpenChanged(-1);
        }
    }

    private void Wake()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }
}

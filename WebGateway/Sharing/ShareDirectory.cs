using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Security;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Shares that were asked for lately, bounded; forgotten when they are revoked on whichever node.</summary>
internal sealed class ShareDirectory : IDisposable
{
    private static readonly TimeSpan _keptUnused = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly MemoryCache _cache;
    private readonly ShareRepository _shares;
    private readonly ShareNotices _notices;
    private long _version;

    public ShareDirectory(ShareRepository shares, ShareNotices notices, IOptions<SecurityOptions> options)
    {
        (_shares, _notices) = (shares, notices);
        _cache = new MemoryCache(new MemoryCacheOptions { SizeLimit = options.Value.CachedTokens });
        notices.Heard += Forget;
    }

    /// <summary>Another number after each revocation: what was found before may be revoked.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>The share if it is at hand without I/O, or null.</summary>
    /// <param name="shareId">Which.</param>
    /// <param name="version">The version it is of.</param>
    public ShareRecord? FindInMemory(uint shareId, out long version)
    {
        lock (_gate)
        {
            version = _version;
            return _cache.TryGetValue(shareId, out ShareRecord? share) ? share : null;
        }
    }

    /// <summary>The share from the store, or null.</summary>
    /// <param name="shareId">Which.</param>
    /// <param name="version">The version before it was looked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ShareRecord?> FindInStoreAsync(uint shareId, long version, CancellationToken cancellationToken)
    {
        var share = await _shares.FindAsync(shareId, cancellationToken);
        lock (_gate)
        {
            // One that was revoked while it was read must not be remembered as it was.
            if (share is not null && _version == version)
            {
                _cache.Set(shareId, share, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = _keptUnused });
            }
        }

        return share;
    }

    public void Dispose()
    {
        _notices.Heard -= Forget;
        _cache.Dispose();
    }

    private void Forget(uint? shareId)
    {
        lock (_gate)
        {
            _version++;
            if (shareId is { } one)
            {
                _cache.Remove(one);
            }
            else
            {
                _cache.Clear();
            }
        }
    }
}

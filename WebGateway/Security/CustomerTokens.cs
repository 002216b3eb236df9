using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Requests;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Hashes of customers' tokens: from the fleet directory, a bounded cache, then the store.</summary>
internal sealed class CustomerTokens(
    IFleetDirectory fleet, RequestRepository requests, IOptions<SecurityOptions> options) : IDisposable
{
    // The hash of a request never changes, so what is cached stays true; it ends so that unused ones go.
    private static readonly TimeSpan _keptUnused = TimeSpan.FromMinutes(30);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.Value.CachedTokens });

    /// <summary>The hash if it is at hand without I/O, or null.</summary>
    public ReadOnlyMemory<byte>? FindInMemory(Guid requestId)
    {
        if (fleet.FindRequest(requestId) is { } running)
        {
            return running.CustomerTokenHash;
        }

        return _cache.TryGetValue(requestId, out byte[]? hash) ? hash : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>The hash from the store, or null when there is no such request.</summary>
    public async Task<ReadOnlyMemory<byte>?> FindInStoreAsync(Guid requestId, CancellationToken cancellationToken)
    {
        var hash = await requests.FindCustomerTokenHashAsync(requestId, cancellationToken);
        if (hash is null)
        {
            return null;
        }

        _cache.Set(requestId, hash, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = _keptUnused });
        return hash;
    }

    public void Dispose() => _cache.Dispose();
}

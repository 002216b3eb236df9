using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Whose devices and requests are: from the fleet directory, a bounded cache, then the store.</summary>
internal sealed class Tenants(
    IFleetDirectory fleet, RequestRepository requests, DeviceRepository devices, IOptions<SecurityOptions> options)
    : IDisposable
{
    // It never changes, so what is cached stays true; it ends so that unused ones go.
    private static readonly TimeSpan _keptUnused = TimeSpan.FromMinutes(30);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.Value.CachedTokens });

    /// <summary>The firm of a request, empty for none; null when there is no such request.</summary>
    public async ValueTask<string?> OfRequestAsync(Guid requestId, CancellationToken cancellationToken)
    {
        if ((fleet.FindTenant(requestId) ?? _cache.Get<string>(requestId)) is { } known)
        {
            return known;
        }

        var tenant = await requests.FindTenantAsync(requestId, cancellationToken);
        return tenant is null
            ? null
            : _cache.Set(requestId, tenant, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = _keptUnused });
    }

    /// <summary>The firm of a device, empty for none; null when there is no such device.</summary>
    public async ValueTask<string?> OfDeviceAsync(string deviceId, CancellationToken cancellationToken) =>
        fleet.FindDevice(deviceId)?.Tenant ?? await devices.FindTenantAsync(deviceId, cancellationToken);

    public void Dispose() => _cache.Dispose();
}

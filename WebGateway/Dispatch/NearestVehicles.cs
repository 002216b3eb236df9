using System.Collections.Concurrent;
using ArtMqtt.Store.Fleet;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Eta;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Dispatch;

/// <summary>
/// Finds who is at a pickup point first. The nearest in a straight line are asked how long they need: a river in between
/// changes the order.
/// </summary>
internal sealed class NearestVehicles(
    NearbyReader nearby, IEtaProvider provider, IOptions<DispatchOptions> options, IOptions<EtaOptions> etaOptions,
    TimeProvider time)
{
    /// <summary>The fastest, at most so many, the fastest first.</summary>
    /// <param name="request">Where to.</param>
    /// <param name="withBusy">Also those that are assigned to a running request.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<NearestView>> FindAsync(
        RequestRecord request, bool withBusy, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var candidates = await nearby.FindAsync(
            request.PickupLat, request.PickupLng, request.Tenant, now - options.Value.MaxAge, withBusy,
            Math.Max(limit, options.Value.MaxCandidates), cancellationToken);
        var found = new ConcurrentBag<NearestView>();
        await Parallel.ForEachAsync(
            candidates,
            new ParallelOptions { MaxDegreeOfParallelism = etaOptions.Value.MaxConcurrent, CancellationToken = cancellationToken },
            async (device, token) =>
            {
                var query = new EtaQuery(device.Lat, device.Lng, request.PickupLat, request.PickupLng, now, DrivenPart.None);
                if (await provider.EstimateAsync(query, token) is { } eta)
                {
                    found.Add(NearestView.Of(device, eta));
                }
            });
        return [.. found.OrderBy(vehicle => vehicle.EtaSeconds).ThenBy(vehicle => vehicle.DeviceId, StringComparer.Ordinal).Take(limit)];
    }
}

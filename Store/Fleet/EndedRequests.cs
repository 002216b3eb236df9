using System.Collections.Concurrent;
using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.Store.Fleet;

/// <summary>Whose the requests were that ended last: what is told about the end still has to reach the right ones.</summary>
internal sealed class EndedRequests
{
    private const int Capacity = 10_000;

    private readonly ConcurrentDictionary<Guid, string> _tenants = new();
    private readonly ConcurrentQueue<Guid> _oldest = new();

    /// <summary>Remembers a request; beyond the capacity the one that ended first is forgotten.</summary>
    public void Add(FleetRequest request)
    {
        if (!_tenants.TryAdd(request.RequestId, request.Tenant))
        {
            return;
        }

        _oldest.Enqueue(request.RequestId);
        while (_oldest.Count > Capacity && _oldest.TryDequeue(out var first))
        {
            _tenants.TryRemove(first, out _);
        }
    }

    /// <summary>The firm it belonged to; null when it is not remembered.</summary>
    public string? FindTenant(Guid requestId) => _tenants.GetValueOrDefault(requestId);
}

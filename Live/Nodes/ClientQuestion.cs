using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Live.Nodes;

/// <summary>What one node asks another about its clients.</summary>
/// <param name="Tenant">Whose clients: null for those of all.</param>
/// <param name="Search">What to look for, or null.</param>
/// <param name="Limit">Most of them.</param>
/// <param name="End">Instead: the connection to end, or null.</param>
internal sealed record ClientQuestion(string? Tenant, string? Search, int Limit, string? End)
{
    public TenantScope Scope => Tenant is null ? TenantScope.All : TenantScope.Of(Tenant);
}

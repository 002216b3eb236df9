namespace ArtMqtt.Contracts.Security;

/// <summary>
/// Whose devices and requests somebody may know of: those of one tenant, which is a firm, or all. A class, so that one that
/// was forgotten is a fault and not everything.
/// </summary>
public sealed class TenantScope
{
    private TenantScope(string? tenant) => Tenant = tenant;

    /// <summary>All tenants.</summary>
    public static TenantScope All { get; } = new(null);

    /// <summary>What belongs to no tenant: everything, where there are none.</summary>
    public static TenantScope None { get; } = new("");

    /// <summary>The tenant; empty for none, null for all of them.</summary>
    public string? Tenant { get; }

    /// <summary>One tenant only.</summary>
    /// <param name="tenant">In the form of a device id, or empty.</param>
    public static TenantScope Of(string tenant) => tenant.Length == 0 ? None : new TenantScope(tenant);

    /// <summary>Whether what belongs to a tenant may be known.</summary>
    /// <param name="tenant">The tenant; empty for none, null when nobody knows: then only those may who see all.</param>
    public bool Covers(string? tenant) => Tenant is null || Tenant == tenant;
}

using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Contracts.Tests.Security;

public sealed class TenantScopeTests
{
    [Theory]
    [InlineData("acme", true, false, true)]
    [InlineData("other", false, false, true)]
    [InlineData("", false, true, true)]
    [InlineData(null, false, false, true)]
    [InlineData("ACME", false, false, true)]
    public void Covers_one_tenant_what_has_none_or_all(string? tenant, bool acme, bool none, bool all)
    {
        Assert.Equal(acme, TenantScope.Of("acme").Covers(tenant));
        Assert.Equal(none, TenantScope.None.Covers(tenant));
        Assert.Equal(none, TenantScope.Of("").Covers(tenant));
        Assert.Equal(all, TenantScope.All.Covers(tenant));
    }
}

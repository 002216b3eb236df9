using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Tokens;
using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>A server of its own, because these tests take it away.</summary>
public sealed class FleetDirectoryTests : IAsyncLifetime
{
    private static readonly byte[] _hash = [1, 2, 3];
    private readonly TimescaleServer _server = new();
    private readonly TestFolder _folder = new();
    private string _connectionString = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SnapshotFile => Path.Combine(_folder.Path, "fleet", "fleet.json");

    public async ValueTask InitializeAsync() => _connectionString = await _server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Knows_what_its_own_process_changed_at_once()
    {
        await using var node = await StartAsync();

        var device = await node.Get<DeviceRepository>().CreateAsync("van-1", null, _hash, Token);

        Assert.Equal(device!.Key, node.Fleet.FindDevice("van-1")?.Key);
        var id = await CreateRequestAsync(node);
        Assert.Equal(RequestStatus.Pending, node.Fleet.FindRequest(id)?.Status);
        await node.Get<RequestRepository>().AssignAsync(id, "van-1", "x", Token);
        Assert.Equal(id, node.Fleet.FindActiveRequestOf("van-1")?.RequestId);
        await node.Get<RequestRepository>().ChangeStatusAsync(id, RequestStatus.Cancelled, "x", Token);
        Assert.Null(node.Fleet.FindRequest(id));
        Assert.Null(node.Fleet.FindActiveRequestOf("van-1"));
        Assert.NotNull(
            await node.Get<DeviceRepository>().RotateSecretAsync("van-1", new byte[] { 9 }, TimeSpan.Zero, Token));
        Assert.Equal([9], node.Fleet.FindDevice("van-1")!.SecretHash.ToArray());
    }

    [Fact]
    public async Task Learns_what_another_node_changed()
    {
        await using var here = await StartAsync();
        await using var there = await StartAsync();

        await there.Get<DeviceRepository>().CreateAsync("van-1", null, _hash, Token);
        await there.Get<DeviceRepository>().CreateAsync("van-2", null, _hash, Token);
        var id = await CreateRequestAsync(there);
        await there.Get<RequestRepository>().AssignAsync(id, "van-1", "x", Token);
        await UntilAsync(() => here.Fleet.FindActiveRequestOf("van-1")?.RequestId == id);
        Assert.Equal(_hash, here.Fleet.FindDevice("van-2")!.SecretHash.ToArray());

        await there.Get<RequestRepository>().AssignAsync(id, "van-2", "x", Token);
        await UntilAsync(() => here.Fleet.FindActiveRequestOf("van-1") is null);
        Assert.Equal(id, here.Fleet.FindActiveRequestOf("van-2")?.RequestId);

        await there.Get<RequestRepository>().ChangeStatusAsync(id, RequestStatus.Cancelled, "x", Token);
        await UntilAsync(() => here.Fleet.FindRequest(id) is null);
    }

    [Fact]
    public async Task Starts_from_its_file_while_the_database_is_down_and_heals()
    {
        Guid id;
        await using (var before = await StartAsync())
        {
            await before.Get<DeviceRepository>().CreateAsync("van-1", null, _hash, Token);
            id = await CreateRequestAsync(before);
            await before.Get<RequestRepository>().AssignAsync(id, "van-1", "x", Token);
            await RevokeAsync(before, "t-1");
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SnapshotFile));
        await _server.StopAsync();
        await using var node = new StoreNode(_connectionString, SnapshotFile);
        await node.StartAsync();

        Assert.True(node.Fleet.IsLoaded);
        Assert.False(node.Fleet.IsCurrent);
        Assert.Equal(_hash, node.Fleet.FindDevice("van-1")!.SecretHash.ToArray());
        Assert.Equal(RequestStatus.Assigned, node.Fleet.FindActiveRequestOf("van-1")!.Status);
        Assert.NotNull(node.Fleet.FindActiveRequestOf("van-1")!.AssignedAt);
        var revoked = node.Get<RevokedTokens>();
        Assert.Equal((true, true), (revoked.IsKnown, revoked.Contains("t-1")));

        await _server.StartAsync();
        await using var other = await StartAsync();
        await other.Get<DeviceRepository>().CreateAsync("van-2", null, _hash, Token);
        await other.Get<RequestRepository>().ChangeStatusAsync(id, RequestStatus.EnRoute, "x", Token);
        await UntilAsync(() => node.Fleet.FindDevice("van-2") is not null);
        await UntilAsync(() => node.Fleet.FindRequest(id)?.Status == RequestStatus.EnRoute);
        await RevokeAsync(other, "t-2");
        await UntilAsync(() => revoked.Contains("t-2"));
        Assert.True(node.Fleet.IsCurrent);

        await _server.StopAsync();
        await UntilAsync(() => !node.Fleet.IsCurrent);
        Assert.True(node.Fleet.IsLoaded);
        await _server.StartAsync();
    }

    [Fact]
    public async Task Knows_whose_devices_and_requests_are_also_just_after_the_end_and_from_its_file()
    {
        var requestId = Guid.CreateVersion7();
        await using (var here = await StartAsync())
        await using (var there = new StoreNode(_connectionString, null))
        {
            await there.StartAsync();
            await UntilAsync(() => there.Fleet.IsCurrent);
            await there.Get<DeviceRepository>().CreateAsync("van-a", null, _hash, Token, "acme");
            await there.Get<DeviceRepository>().CreateAsync("van-b", null, _hash, Token, "other");
            await there.Get<RequestRepository>().CreateAsync(
                new NewRequest(requestId, 48.1, 11.5, null, null, _hash, "x") { Tenant = "acme" }, Token);
            var refused = await there.Get<RequestRepository>().AssignAsync(requestId, "van-b", "x", Token);
            Assert.Equal(RequestChangeError.DeviceNotFound, refused.Error);
            await there.Get<RequestRepository>().AssignAsync(requestId, "van-a", "x", Token);
            await UntilAsync(() => here.Fleet.FindActiveRequestOf("van-a")?.Tenant == "acme");
            Assert.Equal("acme", here.Fleet.FindTenant(requestId));
            Assert.Null(here.Fleet.FindTenant(Guid.NewGuid()));
        }

        var kept = await File.ReadAllTextAsync(SnapshotFile, Token);
        await _server.StopAsync();
        await using (var node = new StoreNode(_connectionString, SnapshotFile))
        {
            await node.StartAsync();
            Assert.Equal("acme", node.Fleet.FindDevice("van-a")?.Tenant);
            Assert.Equal("acme", node.Fleet.FindRequest(requestId)?.Tenant);
        }

        // As it was written before there were tenants.
        await File.WriteAllTextAsync(
            SnapshotFile, kept.Replace(",\"Tenant\":\"acme\"", "", StringComparison.Ordinal)
                .Replace(",\"Tenant\":\"other\"", "", StringComparison.Ordinal), Token);
        await using (var node = new StoreNode(_connectionString, SnapshotFile))
        {
            await node.StartAsync();
            Assert.Equal(("", ""), (node.Fleet.FindDevice("van-a")?.Tenant, node.Fleet.FindRequest(requestId)?.Tenant));

            await _server.StartAsync();
            await UntilAsync(() => node.Fleet.FindRequest(requestId)?.Tenant == "acme");
            await node.Get<RequestRepository>().ChangeStatusAsync(requestId, RequestStatus.Cancelled, "x", Token);
            Assert.Null(node.Fleet.FindRequest(requestId));
            Assert.Equal("acme", node.Fleet.FindTenant(requestId));
            Assert.Equal("acme", await node.Get<RequestRepository>().FindTenantAsync(requestId, Token));
            Assert.Equal("other", await node.Get<DeviceRepository>().FindTenantAsync("van-b", Token));
        }
    }

    [Theory]
    [InlineData("{\"Layout\":1,\"Devi")]
    [InlineData("{\"Layout\":1,\"Devices\":null,\"Requests\":[]}")]
    [InlineData("{\"Layout\":1,\"Devices\":[]}")]
    public async Task Is_not_loaded_without_database_and_file_or_with_a_damaged_file(string content)
    {
        await _server.StopAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(SnapshotFile)!);
        await File.WriteAllTextAsync(SnapshotFile, content, Token);
        await using var node = new StoreNode(_connectionString, SnapshotFile);

        await node.StartAsync();

        Assert.False(node.Fleet.IsLoaded);
        Assert.False(node.Get<RevokedTokens>().IsKnown);
        Assert.Null(node.Fleet.FindDevice("van-1"));
        await _server.StartAsync();
        await UntilAsync(() => node.Fleet.IsLoaded);
        Assert.True(node.Get<RevokedTokens>().IsKnown);
    }

    [Fact]
    public async Task Finds_what_it_was_not_told_when_it_reads_everything_again()
    {
        await using var node = new StoreNode(_connectionString, null, ("Store:FleetReloadInterval", "00:00:00.200"));
        await node.StartAsync();
        await UntilAsync(() => node.Fleet.IsLoaded);

        await node.ExecuteAsync("INSERT INTO devices (device_id, secret_hash) VALUES ('silent', '\\x01')");

        await UntilAsync(() => node.Fleet.FindDevice("silent") is not null);
        await node.ExecuteAsync("""
            INSERT INTO issued_tokens (token_id, issued_at, issued_by, expires_at, revoked_at)
            VALUES ('silent', now(), 'x', now() + interval '1 hour', now())
            """);
        await UntilAsync(() => node.Get<RevokedTokens>().Contains("silent"));
        await node.ExecuteAsync("DELETE FROM devices");
        await UntilAsync(() => node.Fleet.FindDevice("silent") is null);
    }

    private static Task UntilAsync(Func<bool> condition) => Eventually.TrueAsync(condition, Token);

    private static async Task<Guid> CreateRequestAsync(StoreNode node) => (await node.Get<RequestRepository>().CreateAsync(
        new NewRequest(Guid.CreateVersion7(), 48.1, 11.5, null, null, _hash, "x"), Token))!.RequestId;

    private static Task RevokeAsync(StoreNode node, string tokenId) => node.Get<IssuedTokenRepository>().RevokeUnknownAsync(
        new RevokedToken(tokenId, TimeProvider.System.GetUtcNow().AddHours(1)), "x", Token);

    private async Task<StoreNode> StartAsync()
    {
        var node = new StoreNode(_connectionString, SnapshotFile);
        await node.StartAsync();
        await UntilAsync(() => node.Fleet.IsLoaded);
        await node.UntilSchemaIsThereAsync();
        return node;
    }
}

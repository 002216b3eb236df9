using System.Text.Json;
using ArtMqtt.Store.Webhooks;

namespace ArtMqtt.Store.Tests;

/// <summary>Which endpoints get which events.</summary>
public sealed class WebhookOutboxTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56).AddMilliseconds(7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WebhookEndpointRepository Endpoints => new(database.DataSource);

    private WebhookOutbox Outbox => new(database.DataSource);

    [Fact]
    public async Task An_event_goes_to_the_endpoints_of_its_firm_that_asked_for_its_type_and_are_enabled()
    {
        var wanted = await CreateAsync("acme", "request.eta", "device.offline");
        await CreateAsync("acme", "device.offline");
        await CreateAsync("other", "request.eta");
        await CreateAsync("", "request.eta");
        await CreateAsync("acme", isEnabled: false, "request.eta");

        Assert.Equal(1, await AddAsync("acme", "key"));
        Assert.Equal(0, await AddAsync("acme", "key"));
        Assert.Equal(1, await AddAsync("acme", null));
        Assert.Equal(1, await AddAsync("acme", null));
        Assert.Equal(3, await database.QueryAsync<long>($"SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = '{wanted}'"));
        Assert.Equal(
            """{"type" : "request.eta", "timestamp" : "2026-01-01T00:00:00.007Z", "data" : {"a":1}}""",
            await database.QueryAsync<string>("SELECT min(body) FROM webhook_deliveries"));
    }

    [Fact]
    public async Task A_firm_sees_and_changes_its_own_endpoints_and_an_admin_those_of_all()
    {
        var id = await CreateAsync("mine", "request.eta");
        var settings = new WebhookSettings("https://example.org/2", ["request.eta"], null, true);
        Assert.Null(await Endpoints.FindAsync(id, "yours", Token));
        Assert.Equal(new WebhookChangeResult(null, null), await Endpoints.ChangeAsync(id, "yours", settings, null, Token));
        Assert.Null(await Endpoints.RotateAsync(id, "yours", [1], TimeSpan.Zero, Token));
        Assert.False(await Endpoints.RemoveAsync(id, "yours", Token));
        Assert.DoesNotContain(await Endpoints.ListAsync("yours", 100, Token), endpoint => endpoint.EndpointId == id);

        Assert.NotNull(await Endpoints.FindAsync(id, "mine", Token));
        Assert.Contains(await Endpoints.ListAsync(null, 100, Token), endpoint => endpoint.EndpointId == id);
        Assert.Equal(2, (await Endpoints.ChangeAsync(id, null, settings, 1, Token)).Changed!.Version);
        Assert.Equal(2, (await Endpoints.ChangeAsync(id, "mine", settings, 1, Token)).Current!.Version);
        Assert.True(await Endpoints.RemoveAsync(id, "mine", Token));
    }

    [Fact]
    public async Task A_removed_endpoint_takes_its_deliveries_with_it_also_while_one_is_on_its_way()
    {
        var id = await CreateAsync("gone", "request.eta");
        await AddAsync("gone", null);
        var queue = new DueDeliveries(database.DataSource);
        var now = TimeProvider.System.GetUtcNow();
        var due = (await queue.ClaimAsync(now, now.AddMinutes(1), [], 10, 1_000, Token)).Single(d => d.EndpointId == id);
        Assert.True(await Endpoints.RemoveAsync(id, null, Token));
        Assert.False(await queue.FailedAsync(due, new FailedAttempt(500, "status 500", now, null, null), now, now, "late", Token));
        await queue.DeliveredAsync(due, 200, now, Token);
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM webhook_deliveries WHERE endpoint_id = '{id}'"));
    }

    [Fact]
    public async Task A_late_failure_does_not_undo_what_another_node_did_meanwhile()
    {
        var id = await CreateAsync("late", "request.eta");
        await AddAsync("late", null);
        var queue = new DueDeliveries(database.DataSource);
        var now = TimeProvider.System.GetUtcNow();
        async Task<DueDelivery> ClaimAsync(DateTimeOffset at) =>
            (await queue.ClaimAsync(at, at.AddMinutes(1), [], 10, 1_000, Token)).Single(d => d.EndpointId == id);
        var first = await ClaimAsync(now);
        var second = await ClaimAsync(now.AddMinutes(2));
        Assert.Equal((1, 2), (first.Attempt, second.Attempt));

        await queue.FailedAsync(first, new FailedAttempt(500, "status 500", null, null, null), now, DateTimeOffset.UnixEpoch, "", Token);
        Assert.Equal("pending", await StateAsync(id));
        await queue.DeliveredAsync(second, 200, now, Token);
        await queue.FailedAsync(second, new FailedAttempt(500, "status 500", null, null, null), now, DateTimeOffset.UnixEpoch, "", Token);
        Assert.Equal("delivered", await StateAsync(id));
    }

    private Task<Guid> CreateAsync(string tenant, params string[] types) => CreateAsync(tenant, true, types);

    private async Task<Guid> CreateAsync(string tenant, bool isEnabled, params string[] types)
    {
        var settings = new WebhookSettings("https://example.org", types, null, isEnabled);
        return (await Endpoints.CreateAsync(Guid.NewGuid(), tenant, settings, [1], 50, Token))!.EndpointId;
    }

    private Task<long> AddAsync(string tenant, string? key)
    {
        using var data = JsonDocument.Parse("""{"a":1}""");
        return Outbox.AddAsync("request.eta", tenant, "subject", key, _now, data.RootElement.Clone(), Token);
    }

    private Task<string> StateAsync(Guid id) =>
        database.QueryAsync<string>($"SELECT state FROM webhook_deliveries WHERE endpoint_id = '{id}'");
}

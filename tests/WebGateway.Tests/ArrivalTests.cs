using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Requests;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Requests become arrived by themselves.</summary>
public sealed class ArrivalTests(Gateway gateway) : IClassFixture<Gateway>
{
    // As Gateway.CreateRequestAsync says.
    private const double PickupLat = 48.1;
    private const double PickupLng = 11.5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_who_stays_at_the_pickup_point_has_arrived_and_watchers_are_told()
    {
        await using var quick = await gateway.StartAnotherAsync(("Gateway:Arrival:Dwell", "00:00:00.300"));
        var (id, customer, _) = await quick.CreateAssignedAsync();
        await quick.SetStatusAsync(id, "en_route");
        await using var watcher = await Watcher.ConnectAsync(quick, customer);
        await watcher.JoinAsync(id);

        await PublishAsync(quick, id, 1, PickupLat + 0.01);
        await PublishAsync(quick, id, 2, PickupLat + 0.0005);

        string name;
        System.Text.Json.JsonElement data;
        do
        {
            (name, data) = await watcher.NextAsync();
        }
        while (name != "request:status:updated");

        Assert.Equal(("arrived", "arrival"), (data.GetProperty("status").GetString(), data.GetProperty("by").GetString()));
        Assert.Equal("arrived", (await quick.CallAsync("GET", $"/api/requests/{id}")).Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Only_who_is_on_the_way_arrives()
    {
        await using var quick = await gateway.StartAnotherAsync(("Gateway:Arrival:Dwell", "00:00:00"));
        var (waiting, _, _) = await quick.CreateAssignedAsync();
        var (going, _, _) = await quick.CreateAssignedAsync();
        await quick.SetStatusAsync(going, "en_route");

        await PublishAsync(quick, waiting, 1, PickupLat);
        await PublishAsync(quick, going, 1, PickupLat);

        await Eventually.TrueAsync(async () => await StatusAsync(quick, going) == "arrived", Token);
        Assert.Equal("assigned", await StatusAsync(quick, waiting));
    }

    [Fact]
    public async Task It_can_be_proposed_to_be_confirmed_by_somebody()
    {
        await using var quick = await gateway.StartAnotherAsync(
            ("Gateway:Arrival:Dwell", "00:00:00"), ("Gateway:Arrival:Apply", "false"));
        var (id, _, _) = await quick.CreateAssignedAsync();
        await quick.SetStatusAsync(id, "en_route");
        var before = await quick.CallAsync("GET", $"/api/requests/{id}");
        Assert.False(before.Json.TryGetProperty("arrivalNoticedAt", out _));

        await PublishAsync(quick, id, 1, PickupLat);
        await Eventually.TrueAsync(
            async () => (await quick.CallAsync("GET", $"/api/requests/{id}")).Json.TryGetProperty("arrivalNoticedAt", out _), Token);

        // Noted once, whatever comes after it.
        var noticed = await quick.CallAsync("GET", $"/api/requests/{id}");
        Assert.Equal("en_route", noticed.Json.GetProperty("status").GetString());
        Assert.Equal(before.Json.GetProperty("version").GetInt32() + 1, noticed.Json.GetProperty("version").GetInt32());
        var requests = quick.Services.GetRequiredService<RequestRepository>();
        Assert.Null((await requests.NoticeArrivalAsync(id, "arrival", Token)).Error);
        Assert.Equal(noticed.Text, (await quick.CallAsync("GET", $"/api/requests/{id}")).Text);

        // It was that one's arrival, not the next one's.
        await quick.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{await quick.CreateDeviceAsync()}}"}""");
        Assert.False((await quick.CallAsync("GET", $"/api/requests/{id}")).Json.TryGetProperty("arrivalNoticedAt", out _));
        await quick.SetStatusAsync(id, "arrived");
        Assert.Equal(RequestChangeError.NotAllowed, (await requests.NoticeArrivalAsync(id, "arrival", Token)).Error);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var off = await gateway.StartAnotherAsync(
            ("Gateway:Arrival:Enabled", "false"), ("Gateway:Arrival:Dwell", "00:00:00"));
        await using var on = await gateway.StartAnotherAsync(("Gateway:Arrival:Dwell", "00:00:00"));
        var (id, _, _) = await off.CreateAssignedAsync();
        var (other, _, _) = await on.CreateAssignedAsync();
        await off.SetStatusAsync(id, "en_route");
        await on.SetStatusAsync(other, "en_route");

        await PublishAsync(off, id, 1, PickupLat);
        await PublishAsync(on, other, 1, PickupLat);

        await Eventually.TrueAsync(async () => await StatusAsync(on, other) == "arrived", Token);
        Assert.Equal("en_route", await StatusAsync(off, id));
    }

    private static async Task PublishAsync(Gateway node, Guid request, int second, double lat) => await node.Streams.PublishAsync(
        request, new LocationEvent(PositionRole.Operator, lat, PickupLng, second, null, null, 5), Token);

    private static async Task<string?> StatusAsync(Gateway node, Guid id) =>
        (await node.CallAsync("GET", $"/api/requests/{id}")).Json.GetProperty("status").GetString();
}

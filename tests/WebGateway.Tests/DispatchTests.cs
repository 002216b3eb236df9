using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What dispatchers ask: who is nearest, what happened, which links are out.</summary>
public sealed class DispatchTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task The_nearest_are_those_that_are_free_enabled_and_were_seen_lately()
    {
        var (id, _) = await gateway.CreateRequestAsync();
        var near = await PlaceAsync(48.101, 11.5);
        var far = await PlaceAsync(48.3, 11.5);
        var beyondTheLine = await PlaceAsync(48.1, -179.9);
        var silent = await PlaceAsync(48.1, 11.5, TimeSpan.FromHours(1));
        var disabled = await PlaceAsync(48.1, 11.5);
        Assert.Equal(200, (await gateway.CallAsync("POST", $"/api/devices/{disabled}/disable")).Status);
        var (other, _, busy) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(busy, other, new Position(48.102, 11.5, TimeProvider.System.GetUtcNow()));

        var free = await GetAsync($"/api/requests/{id}/nearest");
        var all = await GetAsync($"/api/requests/{id}/nearest?busy=true");
        var one = await GetAsync($"/api/requests/{id}/nearest?limit=1");

        Assert.Equal([near, far, beyondTheLine], Ids(free));
        Assert.Equal([near, busy, far, beyondTheLine], Ids(all));
        Assert.Equal([near], Ids(one));
        Assert.DoesNotContain(silent, Ids(all));
        var first = free.GetProperty("items")[0];
        Assert.False(first.TryGetProperty("requestId", out _));
        Assert.Equal(other, all.GetProperty("items")[1].GetProperty("requestId").GetGuid());
        Assert.InRange(first.GetProperty("distanceMeters").GetInt32(), 110, 200);
        Assert.True(first.GetProperty("low").GetInt32() <= first.GetProperty("etaSeconds").GetInt32());
        Assert.True(first.GetProperty("etaSeconds").GetInt32() < free.GetProperty("items")[1].GetProperty("etaSeconds").GetInt32());
    }

    [Theory]
    [InlineData("/api/requests/{id}/nearest?limit=0", "limit")]
    [InlineData("/api/requests/{id}/nearest?limit=51", "limit")]
    [InlineData("/api/request-events?limit=1001", "limit")]
    [InlineData("/api/request-events?after=rubbish", "after")]
    [InlineData("/api/request-events?deviceId=A%20B", "deviceId")]
    [InlineData("/api/request-events?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    [InlineData("/api/shares?limit=0", "limit")]
    [InlineData("/api/shares?after=1_x", "after")]
    public async Task What_cannot_be_asked_is_said(string path, string field)
    {
        var answer = await gateway.CallAsync("GET", path.Replace("{id}", Guid.Empty.ToString(), StringComparison.Ordinal));

        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Fact]
    public async Task Nobody_is_near_a_request_that_does_not_exist()
    {
        var answer = await gateway.CallAsync("GET", $"/api/requests/{Guid.NewGuid()}/nearest");
        Assert.Equal((404, "request_not_found"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task What_happened_to_requests_is_listed_newest_first_in_pages()
    {
        var (id, _, device) = await gateway.CreateAssignedAsync();
        var (second, _) = await gateway.CreateRequestAsync();
        await gateway.SetStatusAsync(id, "en_route", "arrived");
        Assert.Equal(200, (await gateway.CallAsync("PUT", $"/api/requests/{id}/note", """{"note":"Gate 4"}""")).Status);

        var listed = await PagesAsync("/api/request-events", limit: 3);
        var newest = listed.Take(6).Select(e => (
            e.GetProperty("requestId").GetGuid(), e.TryGetProperty("from", out var from) ? from.GetString() : null,
            e.GetProperty("to").GetString(), e.GetProperty("deviceId").GetString()));

        Assert.Equal(
            [
                (id, "arrived", "arrived", device), (id, "en_route", "arrived", device), (id, "assigned", "en_route", device),
                (second, null, "pending", null), (id, "pending", "assigned", device), (id, null, "pending", null),
            ],
            newest);
        Assert.All(listed.Take(6), e => Assert.Equal("dispatcher", e.GetProperty("by").GetString()));

        var own = await PagesAsync($"/api/request-events?requestId={second}", limit: 3);
        var ofDevice = await PagesAsync($"/api/request-events?deviceId={device}", limit: 3);
        var later = await PagesAsync("/api/request-events?from=2100-01-01T00:00:00Z", limit: 3);
        Assert.Equal((1, 4, 0), (own.Count, ofDevice.Count, later.Count));
    }

    [Fact]
    public async Task The_links_of_all_requests_are_listed_without_what_opens_them()
    {
        var (first, _) = await gateway.CreateRequestAsync();
        var (second, _) = await gateway.CreateRequestAsync();
        var shares = new List<(string Id, string Token)>();
        foreach (var id in new[] { first, second, first })
        {
            var share = await gateway.ShareAsync(id, """{"label":"Grandma"}""");
            shares.Insert(0, (share.Id, share.Token));
        }

        Assert.Equal(204, (await gateway.CallAsync("DELETE", $"/api/requests/{second}/shares/{shares[1].Id}")).Status);
        Assert.Equal(200, (await gateway.CallAsync("POST", $"/api/requests/{first}/status", """{"status":"cancelled"}""")).Status);

        var listed = await PagesAsync("/api/shares", limit: 2);

        Assert.Equal(
            [(shares[0].Id, first, "ended", "cancelled"), (shares[1].Id, second, "revoked", "pending"), (shares[2].Id, first, "ended", "cancelled")],
            listed.Take(3).Select(e => (
                e.GetProperty("share").GetProperty("shareId").GetString()!, e.GetProperty("requestId").GetGuid(),
                e.GetProperty("share").GetProperty("state").GetString()!, e.GetProperty("status").GetString()!)));
        Assert.DoesNotContain(shares[0].Token, string.Concat(listed), StringComparison.Ordinal);
    }

    private async Task<string> PlaceAsync(double lat, double lng, TimeSpan ago = default)
    {
        var deviceId = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(deviceId, null, new Position(lat, lng, TimeProvider.System.GetUtcNow() - ago));
        return deviceId;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var answer = await gateway.CallAsync("GET", path);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    private async Task<List<JsonElement>> PagesAsync(string path, int limit)
    {
        var all = new List<JsonElement>();
        string? next = null;
        do
        {
            var page = await GetAsync(
                $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={limit}{(next is null ? "" : $"&after={next}")}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        return all;
    }

    private static IEnumerable<string> Ids(JsonElement list) =>
        list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("deviceId").GetString()!);
}

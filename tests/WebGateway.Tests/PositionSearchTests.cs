using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Which devices were in an area, over HTTP.</summary>
public sealed class PositionSearchTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static readonly string _period =
        $"from={Uri.EscapeDataString(Gateway.PositionAt(0).FixTime.ToString("O"))}"
        + $"&to={Uri.EscapeDataString(Gateway.PositionAt(3_000).FixTime.ToString("O"))}";

    [Fact]
    public async Task A_box_finds_who_passed_it()
    {
        var (inside, passing, outside) = (await DriveAsync(30, 30), await DriveAsync(29.99, 30.01), await DriveAsync(31, 32));
        var page = await GetAsync("west=30&south=29.999&east=30.5&north=30.001");
        var items = page.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("deviceId").GetString()!);
        Assert.Equal(new[] { inside, passing }.Order(), items.Keys.Order());
        Assert.DoesNotContain(outside, items.Keys);
        Assert.Equal(101, items[inside].GetProperty("positions").GetInt32());
        Assert.Equal(Gateway.PositionAt(0).FixTime, items[inside].GetProperty("firstTime").GetDateTimeOffset());
        Assert.Equal(Gateway.PositionAt(100).FixTime, items[inside].GetProperty("lastTime").GetDateTimeOffset());
        Assert.InRange(items[passing].GetProperty("positions").GetInt32(), 9, 11);
        Assert.Equal(JsonValueKind.Null, page.GetProperty("cursor").ValueKind);
    }

    [Fact]
    public async Task A_polygon_finds_who_was_inside_and_pages_go_on()
    {
        string[] devices = [await DriveAsync(-39.5, -39.5), await DriveAsync(-39.5, -39.5), await DriveAsync(-39.5, -39.5)];
        await DriveAsync(-40.9, -40.9);
        const string Triangle = """{"type":"Polygon","coordinates":[[[29,-39],[31,-39],[29,-41],[29,-39]]]}""";
        var first = await PostAsync($"{_period}&limit=2", Triangle);
        var second = await PostAsync($"{_period}&limit=2&after={first.Json.GetProperty("cursor").GetString()}", Triangle);
        Assert.Equal(devices.Order(), Ids(first.Json).Concat(Ids(second.Json)));
        Assert.Equal(JsonValueKind.Null, second.Json.GetProperty("cursor").ValueKind);

        var two = await PostAsync(_period, """
            {"type":"MultiPolygon","coordinates":[[[[29,-39],[29.5,-39],[29.5,-41],[29,-39]]],[[[29.9,-39.4],[30.1,-39.4],[30,-39.6],[29.9,-39.4]]]]}
            """);
        Assert.Equal(devices.Order(), Ids(two.Json));
    }

    [Theory]
    [InlineData("""{"type":"Point","coordinates":[1,2]}""", "type")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}""", "coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}""", "coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[0,0],[1,91],[1,0],[0,0]]]}""", "coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[["0",0],[1,1],[1,0],[0,0]]]}""", "coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":{}}""", "coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[]}""", "coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[1,2],null]}""", "coordinates")]
    [InlineData("""{"type":"MultiPolygon","coordinates":[[[0,0],[1,1],[1,0],[0,0]]]}""", "coordinates")]
    public async Task What_is_no_area_is_refused(string body, string field)
    {
        var answer = await gateway.CallAsync("POST", $"/api/positions/search?{_period}", body);
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Theory]
    [InlineData("""{"type":"Polygon"}""")]
    [InlineData("""{"type":"Polygon","coordinates":[],"crs":"none"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Json_of_another_kind_is_refused(string body)
    {
        var answer = await gateway.CallAsync("POST", $"/api/positions/search?{_period}", body);
        Assert.Equal((400, "json_malformed"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Too_many_places_are_too_large()
    {
        var ring = string.Join(",", Enumerable.Range(0, 1_001).Select(i => FormattableString.Invariant(
            $"[{Math.Round(Math.Cos(i * Math.Tau / 1_000), 6)},{Math.Round(Math.Sin(i * Math.Tau / 1_000), 6)}]")));
        var answer = await gateway.CallAsync(
            "POST", $"/api/positions/search?{_period}", $$"""{"type":"Polygon","coordinates":[[{{ring}}]]}""");
        Assert.Equal((413, "area_too_large"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("", "west")]
    [InlineData("west=1&south=1&east=2", "north")]
    [InlineData("west=1&south=1&east=2&north=2&limit=10001", "limit")]
    [InlineData("west=1&south=1&east=2&north=2&after=A", "after")]
    [InlineData("west=1&south=1&east=2&north=2&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z", "to")]
    public async Task Bad_queries_are_refused(string query, string field)
    {
        var period = query.Contains("from", StringComparison.Ordinal) ? "" : $"&{_period}";
        var answer = await gateway.CallAsync("GET", $"/api/positions/search?{query}{period}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    private static List<string> Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("deviceId").GetString()!)];

    /// <summary>101 positions from one latitude to another at 30° east, in an hour that is due to be rolled up.</summary>
    private async Task<string> DriveAsync(double from, double to)
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, [.. Enumerable.Range(0, 101)
            .Select(s => Gateway.PositionAt(s, from + ((to - from) * s / 100), 30))]);
        await using var command = gateway.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO device_hours_due
            SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions ON CONFLICT DO NOTHING
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return device;
    }

    private async Task<JsonElement> GetAsync(string query)
    {
        var answer = await gateway.CallAsync("GET", $"/api/positions/search?{query}&{_period}");
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    private async Task<Answer> PostAsync(string query, string body)
    {
        var answer = await gateway.CallAsync("POST", $"/api/positions/search?{query}", body);
        Assert.True(answer.Status == 200, answer.Text);
        return answer;
    }
}

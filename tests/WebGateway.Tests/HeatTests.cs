using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Positions counted by cells, over HTTP.</summary>
public sealed class HeatTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    private static readonly string _period =
        $"from={Uri.EscapeDataString(Gateway.PositionAt(0).FixTime.ToString("O"))}"
        + $"&to={Uri.EscapeDataString(Gateway.PositionAt(3_000).FixTime.ToString("O"))}";

    [Fact]
    public async Task Cells_count_positions_and_devices_the_fullest_first()
    {
        var (one, two) = (await DeviceAsync(), await DeviceAsync());
        // Two places 1.1 km apart are two cells of 611 m; 30 m are one.
        await StoreAsync(one, (20, 30.001, 30.001), (5, 30.011, 30.001));
        await StoreAsync(two, (3, 30.0012, 30.0012));

        var cells = await CellsAsync("west=30&south=30&east=30.1&north=30.1");

        Assert.Equal([(23, 2), (5, 1)], cells.Select(cell => (Number(cell, "positions"), Number(cell, "devices"))));
        var middle = cells[0].GetProperty("geometry").GetProperty("coordinates");
        Assert.InRange(Math.Abs(middle[0].GetDouble() - 30.001), 0, 180.0 / 65_536);
        Assert.InRange(Math.Abs(middle[1].GetDouble() - 30.001), 0, 180.0 / 65_536);
        // The tile of the web map, as its definition has it.
        Assert.Equal((int)Math.Floor((30.001 + 180) / 360 * 65_536), Number(cells[0], "x"));
        var latitude = double.DegreesToRadians(30.001);
        Assert.Equal(
            (int)Math.Floor((1 - (Math.Asinh(Math.Tan(latitude)) / Math.PI)) / 2 * 65_536), Number(cells[0], "y"));
        Assert.Equal(3, Number(Assert.Single(await CellsAsync($"west=30&south=30&east=30.1&north=30.1&device={two}")), "positions"));
        Assert.Empty(await CellsAsync("west=30&south=30&east=30.1&north=30.1&device=nobody"));
        // A cell of the whole world, and what the limit leaves out.
        Assert.Equal(28, Number(Assert.Single(await CellsAsync("west=30&south=30&east=30.1&north=30.1&zoom=0")), "positions"));
        var first = await gateway.CallAsync("GET", $"/api/positions/heat?{_period}&west=30&south=30&east=30.1&north=30.1&limit=1");
        Assert.True(first.Json.GetProperty("truncated").GetBoolean());
        Assert.Equal(23, Number(Assert.Single(first.Json.GetProperty("features").EnumerateArray()), "positions"));
    }

    [Fact]
    public async Task The_edges_of_the_world_are_in_its_outermost_cells()
    {
        var device = await DeviceAsync();
        await StoreAsync(device, (1, 90, 180), (1, -90, -180), (1, 0, 179.9999));

        var cells = await CellsAsync($"zoom=2&device={device}");

        Assert.Equal([(0, 3), (3, 0), (3, 2)], cells.Select(cell => (Number(cell, "x"), Number(cell, "y"))).Order());
        Assert.Equal(2, (await CellsAsync($"zoom=2&device={device}&west=179&south=-90&east=-179&north=1")).Count);
    }

    [Fact]
    public async Task A_firm_sees_its_own_devices_only()
    {
        var device = await DeviceAsync(RealtimeGateway.Sign(("role", "dispatcher"), ("tenant", "acme")));
        await StoreAsync(device, (4, 10, 10));
        const string Box = "west=9&south=9&east=11&north=11";

        Assert.Equal(4, Number(Assert.Single(await CellsAsync(Box, RealtimeGateway.Sign(("role", "analyst"), ("tenant", "acme")))), "positions"));
        Assert.Equal(4, Number(Assert.Single(await CellsAsync(Box, gateway.Admin.ToString())), "positions"));
        Assert.Empty(await CellsAsync(Box, RealtimeGateway.Sign(("role", "analyst"), ("tenant", "other"))));
        Assert.Empty(await CellsAsync(Box));
        Assert.Empty(await CellsAsync($"{Box}&device={device}"));
    }

    [Theory]
    [InlineData("zoom=23", "zoom")]
    [InlineData("zoom=-1", "zoom")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=50001", "limit")]
    [InlineData("west=1&south=1&east=2", "north")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z", "to")]
    public async Task Bad_queries_are_refused(string query, string field)
    {
        var period = query.Contains("from", StringComparison.Ordinal) ? "" : $"&{_period}";
        var answer = await gateway.CallAsync("GET", $"/api/positions/heat?{query}{period}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    private static int Number(JsonElement cell, string name) => cell.GetProperty("properties").GetProperty(name).GetInt32();

    private async Task<IReadOnlyList<JsonElement>> CellsAsync(string query, string? token = null)
    {
        var answer = await gateway.CallAsync("GET", $"/api/positions/heat?{_period}&{query}", token: token);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal("application/geo+json", answer.ContentType);
        return [.. answer.Json.GetProperty("features").EnumerateArray()];
    }

    private async Task<string> DeviceAsync(string? token = null)
    {
        var deviceId = $"van-{Guid.NewGuid():N}";
        Assert.Equal(201, (await gateway.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{deviceId}}"}""", token)).Status);
        return deviceId;
    }

    private async Task StoreAsync(string device, params (int Count, double Lat, double Lng)[] places)
    {
        var second = 0;
        await gateway.StoreAsync(device, null, [.. places.SelectMany(place => Enumerable.Range(0, place.Count)
            .Select(_ => Gateway.PositionAt(second++, place.Lat, place.Lng)))]);
        // In an hour that is due to be rolled up.
        await using var command = gateway.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("""
            INSERT INTO device_hours_due
            SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions ON CONFLICT DO NOTHING
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

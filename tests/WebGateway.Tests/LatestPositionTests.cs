using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Where everyone is.</summary>
public sealed class LatestPositionTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task Ten_thousand_devices_are_one_answer_and_any_number_of_pages()
    {
        await ExecuteAsync("""
            WITH made AS (
                INSERT INTO devices (device_id, name, secret_hash)
                SELECT 'fleet-' || to_char(i, 'FM00000'), 'No. ' || i, '\x00' FROM generate_series(1, 10000) i RETURNING *)
            INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng, speed)
            SELECT device_key, '2026-01-01', '2026-01-01', 0, substr(device_id, 7)::int / 1000.0, 20, 3 FROM made
            """);
        // A customer's phone: it has a key, but is no device.
        await ExecuteAsync("""
            INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng)
            VALUES (nextval('position_keys'), '2026-01-01', '2026-01-01', 2, 1, 20)
            """);

        var all = await GetAsync("west=19&south=0&east=21&north=90");
        Assert.Equal((10_000, false), (Ids(all).Count, all.GetProperty("truncated").GetBoolean()));
        Assert.Equal(
            """{"deviceId":"fleet-00042","name":"No. 42","time":1767225600000,"receivedAt":1767225600000,"role":"device","speed":3}""",
            all.GetProperty("features")[41].GetProperty("properties").GetRawText());

        var paged = new List<string>();
        var after = "";
        do
        {
            var page = await GetAsync($"west=19&south=0&east=21&north=90&limit=3000{after}");
            paged.AddRange(Ids(page));
            after = page.TryGetProperty("cursor", out var cursor) ? $"&after={cursor.GetString()}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(Ids(all), paged);
    }

    [Fact]
    public async Task A_box_may_go_over_the_date_line()
    {
        var (west, east, far) = (await PutAsync(-17, 179.5), await PutAsync(-17, -179.5), await PutAsync(-17, 0));
        Assert.Equal(Sorted(west, east), Ids(await GetAsync("west=179&south=-18&east=-179&north=-16")));
        Assert.Equal(Sorted(far), Ids(await GetAsync("west=-179&south=-18&east=179&north=-16")));
        Assert.Equal(Sorted(west, east, far), Ids(await GetAsync("west=-180&south=-18&east=180&north=-16")));
    }

    [Fact]
    public async Task The_request_that_is_served_is_told()
    {
        var (id, _, device) = await gateway.CreateAssignedAsync();
        await ExecuteAsync($"""
            INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng, request_id)
            SELECT device_key, '2026-01-01', '2026-01-01', 1, -60, 60, '{id}' FROM devices WHERE device_id = '{device}'
            """);
        var feature = Assert.Single((await GetAsync("west=59&south=-61&east=61&north=-59")).GetProperty("features").EnumerateArray());
        Assert.Equal(id, feature.GetProperty("properties").GetProperty("requestId").GetGuid());
    }

    [Theory]
    [InlineData("west=1", "north")]
    [InlineData("west=1&south=2&east=3&north=1", "north")]
    [InlineData("west=181&south=2&east=3&north=4", "west")]
    [InlineData("west=NaN&south=2&east=3&north=4", "west")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=100001", "limit")]
    [InlineData("after=No/Id", "after")]
    public async Task Bad_queries_are_refused(string query, string field)
    {
        var answer = await gateway.CallAsync("GET", $"/api/positions/latest?{query}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    private static List<string> Ids(JsonElement answer) => [.. answer.GetProperty("features").EnumerateArray()
        .Select(f => f.GetProperty("properties").GetProperty("deviceId").GetString()!)];

    private static List<string> Sorted(params string[] ids) => [.. ids.Order(StringComparer.Ordinal)];

    private async Task<string> PutAsync(double latitude, double longitude)
    {
        var device = await gateway.CreateDeviceAsync();
        await ExecuteAsync(FormattableString.Invariant($"""
            INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng)
            SELECT device_key, '2026-01-01', '2026-01-01', 0, {latitude}, {longitude} FROM devices WHERE device_id = '{device}'
            """));
        return device;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = gateway.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<JsonElement> GetAsync(string query)
    {
        var answer = await gateway.CallAsync("GET", $"/api/positions/latest?{query}");
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }
}

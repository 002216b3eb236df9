using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Routes as GeoJSON, exactly as stored.</summary>
public sealed class RouteTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task A_line_has_the_stored_places_and_their_times()
    {
        var (id, customer, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(
            device, id,
            Gateway.PositionAt(1) with { Speed = 3.3f, Heading = 90 }, Gateway.PositionAt(2, 48.2, -0.1),
            Gateway.PositionAt(3, 1e-7, 180));

        foreach (var token in new[] { customer, gateway.Dispatcher.ToString() })
        {
            var answer = await gateway.CallAsync("GET", $"/api/requests/{id}/route?role=operator", token: token);
            Assert.Equal((200, "application/geo+json"), (answer.Status, answer.ContentType));
            Assert.Equal("FeatureCollection", answer.Json.GetProperty("type").GetString());
            Assert.False(answer.Json.GetProperty("truncated").GetBoolean());
            var feature = Assert.Single(answer.Json.GetProperty("features").EnumerateArray());
            Assert.Equal("LineString", feature.GetProperty("geometry").GetProperty("type").GetString());
            Assert.Equal(
                [(11.987654321, 48.123456789), (-0.1, 48.2), (180, 1e-7)],
                feature.GetProperty("geometry").GetProperty("coordinates").EnumerateArray()
                    .Select(c => (c[0].GetDouble(), c[1].GetDouble())));
            var properties = feature.GetProperty("properties");
            Assert.Equal(
                Enumerable.Range(1, 3).Select(s => Gateway.PositionAt(s).FixTime.ToUnixTimeMilliseconds()),
                properties.GetProperty("times").EnumerateArray().Select(t => t.GetInt64()));
            Assert.Equal("[3.3,null,null]", properties.GetProperty("speeds").GetRawText());
            Assert.Equal("[90,null,null]", properties.GetProperty("headings").GetRawText());
        }
    }

    [Fact]
    public async Task Points_have_all_that_is_known()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, Gateway.PositionAt(1) with { Altitude = 512.5f, Battery = 80, Sequence = 7 });
        var answer = await gateway.CallAsync("GET", $"/api/devices/{device}/route?format=points");
        var feature = Assert.Single(answer.Json.GetProperty("features").EnumerateArray());
        Assert.Equal("[11.987654321,48.123456789]", feature.GetProperty("geometry").GetProperty("coordinates").GetRawText());
        Assert.Equal(
            """{"time":1577836801000,"receivedAt":0,"role":"device","altitude":512.5,"battery":80,"seq":7}""",
            feature.GetProperty("properties").GetRawText());
    }

    [Fact]
    public async Task Rows_are_compact_and_a_single_position_is_one_too()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(
            device, null, Gateway.PositionAt(1) with { Speed = 2.5f, Altitude = 512.5f }, Gateway.PositionAt(2, 48, 12) with { Heading = 90 });
        var first = await gateway.CallAsync("GET", $"/api/devices/{device}/route?format=rows&limit=1");
        Assert.Equal((200, "application/json"), (first.Status, first.ContentType));
        Assert.Equal(
            """{"fields":["time","lat","lng","speed","heading","altitude"],"rows":[[1577836801000,48.123456789,11.987654321,2.5,null,512.5]],"truncated":true""",
            first.Text[..first.Text.IndexOf(",\"cursor\"", StringComparison.Ordinal)]);
        var rest = await gateway.CallAsync(
            "GET", $"/api/devices/{device}/route?format=rows&after={first.Json.GetProperty("cursor").GetString()}");
        Assert.Equal("[[1577836802000,48,12,null,90,null]]", rest.Json.GetProperty("rows").GetRawText());
        Assert.False(rest.Json.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task A_period_and_a_limit_choose_the_part_and_more_is_told()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, [.. Enumerable.Range(1, 10).Select(s => Gateway.PositionAt(s))]);
        var route = $"/api/devices/{device}/route";
        var (from, to) = (Gateway.PositionAt(3).FixTime.ToString("O"), Gateway.PositionAt(8).FixTime.ToString("O"));

        var part = await gateway.CallAsync("GET", $"{route}?from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}");
        var exact = await gateway.CallAsync("GET", $"{route}?limit=10");
        var less = await gateway.CallAsync("GET", $"{route}?limit=9");
        var single = await gateway.CallAsync("GET", $"{route}?limit=1");
        Assert.Equal((6, false), Measure(part));
        Assert.Equal((10, false), Measure(exact));
        Assert.Equal((9, true), Measure(less));
        Assert.Equal((0, true), Measure(single));
    }

    [Fact]
    public async Task A_route_longer_than_the_buffers_is_whole()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, [.. Enumerable.Range(0, 30_000).Select(s => Gateway.PositionAt(s, s / 1000.0))]);
        var answer = await gateway.CallAsync("GET", $"/api/devices/{device}/route?limit=100000");
        Assert.Equal((30_000, false), Measure(answer));
        var latitudes = answer.Json.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates")
            .EnumerateArray().Select(c => c[1].GetDouble());
        Assert.Equal(Enumerable.Range(0, 30_000).Select(s => s / 1000.0), latitudes);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=100001")]
    [InlineData("role=driver")]
    [InlineData("format=gpx")]
    [InlineData("from=yesterday")]
    [InlineData("limit=many")]
    [InlineData("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")]
    public async Task Bad_queries_are_refused(string query)
    {
        var device = await gateway.CreateDeviceAsync();
        var answer = await gateway.CallAsync("GET", $"/api/devices/{device}/route?{query}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        // In the words of the API, not of its code.
        Assert.DoesNotContain("Nullable", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_roles_of_a_request_are_apart()
    {
        var (id, customer, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(device, id, Gateway.PositionAt(1), Gateway.PositionAt(2));
        var own = await gateway.CallAsync("GET", $"/api/requests/{id}/route?role=customer", token: customer);
        Assert.Equal((0, false), Measure(own));
    }

    private static (int Count, bool IsTruncated) Measure(Answer answer)
    {
        Assert.Equal(200, answer.Status);
        var features = answer.Json.GetProperty("features");
        var count = features.GetArrayLength() == 0
            ? 0
            : features[0].GetProperty("geometry").GetProperty("coordinates").GetArrayLength();
        if (count > 0)
        {
            Assert.Equal(JsonValueKind.Array, features[0].GetProperty("properties").GetProperty("times").ValueKind);
            Assert.Equal(count, features[0].GetProperty("properties").GetProperty("times").GetArrayLength());
        }

        return (count, answer.Json.GetProperty("truncated").GetBoolean());
    }
}

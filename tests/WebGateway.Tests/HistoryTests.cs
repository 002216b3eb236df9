using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Trips, stops, sums and the place at one moment, over HTTP.</summary>
public sealed class HistoryTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task A_working_day_has_its_trips_and_stops()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, [.. Stand(0, 600, 48), .. Drive(600, 48), .. Stand(900, 1_500, 48.03)]);
        var period = $"from={Time(0)}&to={Time(1_500)}";

        var trip = Assert.Single((await GetAsync($"devices/{device}/trips?{period}")).Json.EnumerateArray());
        Assert.Equal(3_336, trip.GetProperty("distanceMeters").GetDouble(), 105.0);
        Assert.Equal(300, trip.GetProperty("durationSeconds").GetDouble(), 15.0);
        Assert.Equal(11.1, trip.GetProperty("averageSpeed").GetDouble(), 0.3);
        Assert.Equal(11f, trip.GetProperty("maxSpeed").GetSingle());
        Assert.Equal(48.03, trip.GetProperty("end").GetProperty("lat").GetDouble(), 1e-3);

        var stops = (await GetAsync($"devices/{device}/stops?{period}")).Json.EnumerateArray().ToList();
        Assert.Equal(2, stops.Count);
        Assert.Equal(Gateway.PositionAt(0).FixTime, stops[0].GetProperty("from").GetDateTimeOffset());
        Assert.Equal(48.03, stops[1].GetProperty("lat").GetDouble(), 1e-4);

        var longer = await GetAsync($"devices/{device}/stops?{period}&minStopSeconds=700");
        Assert.Equal("[]", longer.Text);
    }

    [Fact]
    public async Task A_summary_adds_up_what_is_in_the_period()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(device, null, [.. Drive(0, 48), .. Stand(4_000, 4_100, 48.03)]);
        var all = (await GetAsync($"devices/{device}/summary?from={Time(0)}&to={Time(9_000)}")).Json;
        Assert.Equal(400, all.GetProperty("positions").GetInt32());
        Assert.Equal(0.03 * 111_200, all.GetProperty("distanceMeters").GetDouble(), 30.0);
        Assert.Equal(299, all.GetProperty("movingSeconds").GetDouble());
        Assert.Equal(11f, all.GetProperty("maxSpeed").GetSingle());
        Assert.Equal(48, all.GetProperty("box").GetProperty("south").GetDouble());

        var none = (await GetAsync($"devices/{device}/summary?from={Time(5_000)}&to={Time(9_000)}")).Json;
        Assert.Equal(
            """{"positions":0,"distanceMeters":0,"movingSeconds":0,"maxSpeed":null,"firstTime":null,"lastTime":null,"box":null}""",
            none.GetRawText());
    }

    [Fact]
    public async Task The_place_between_two_positions_is_interpolated()
    {
        var device = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(
            device, null,
            Gateway.PositionAt(0, 10, 179.9) with { Heading = 350, Speed = 4 },
            Gateway.PositionAt(100, 10, -179.9) with { Heading = 20, Speed = 8 }, Gateway.PositionAt(1_000, 10, 0));

        var between = (await GetAsync($"devices/{device}/position?at={Time(75)}")).Json;
        Assert.True(between.GetProperty("interpolated").GetBoolean());
        Assert.Equal(-179.95, between.GetProperty("lng").GetDouble(), 1e-5);
        Assert.Equal(12.5, between.GetProperty("heading").GetDouble(), 1e-4);
        Assert.Equal(7, between.GetProperty("speed").GetDouble(), 1e-4);
        Assert.Equal(Gateway.PositionAt(100).FixTime, between.GetProperty("after").GetDateTimeOffset());

        var exact = (await GetAsync($"devices/{device}/position?at={Time(100)}")).Json;
        Assert.False(exact.GetProperty("interpolated").GetBoolean());
        Assert.Equal(-179.9, exact.GetProperty("lng").GetDouble());

        foreach (var second in new[] { -1, 500, 1_001 })
        {
            var unknown = await gateway.CallAsync("GET", $"/api/devices/{device}/position?at={Time(second)}");
            Assert.Equal((404, "place_not_known"), (unknown.Status, unknown.Code));
        }

        Assert.Equal(200, (await GetAsync($"devices/{device}/position?at={Time(500)}&maxGapSeconds=900")).Status);
    }

    [Fact]
    public async Task A_customer_sees_the_own_request_while_it_is_served()
    {
        var (id, customer, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(device, id, [.. Drive(0, 48)]);
        await gateway.StoreAsync(device, null, [.. Stand(300, 900, 48.03)]);
        foreach (var what in new[] { "trips", "stops", "summary", $"position?at={Time(5)}" })
        {
            Assert.Equal(200, (await gateway.CallAsync("GET", $"/api/requests/{id}/{what}", token: customer)).Status);
        }

        // What the device did besides is no part of the request.
        var stops = await gateway.CallAsync("GET", $"/api/requests/{id}/stops", token: customer);
        Assert.Equal("[]", stops.Text);
        var summary = await gateway.CallAsync("GET", $"/api/requests/{id}/summary?role=customer", token: customer);
        Assert.Equal(0, summary.Json.GetProperty("positions").GetInt32());

        await gateway.SetStatusAsync(id, "en_route", "arrived", "in_progress", "completed");
        foreach (var what in new[] { "trips", "stops", "summary", $"position?at={Time(5)}" })
        {
            var late = await gateway.CallAsync("GET", $"/api/requests/{id}/{what}", token: customer);
            Assert.Equal((403, "route_not_visible"), (late.Status, late.Code));
            Assert.Equal(200, (await gateway.CallAsync("GET", $"/api/requests/{id}/{what}")).Status);
        }
    }

    [Theory]
    [InlineData("position", "at")]
    [InlineData("position?at=2026-01-01T00:00:00Z&maxGapSeconds=0", "maxGapSeconds")]
    [InlineData("trips", "from")]
    [InlineData("trips?from=2026-01-01T00:00:00Z", "to")]
    [InlineData("stops?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z", "to")]
    [InlineData("stops?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    [InlineData("stops?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&stopRadius=NaN", "stopRadius")]
    [InlineData("trips?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&minTripMeters=-1", "minTripMeters")]
    [InlineData("summary?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&maxGapSeconds=-1", "maxGapSeconds")]
    public async Task Bad_queries_are_refused(string query, string field)
    {
        var device = await gateway.CreateDeviceAsync();
        var answer = await gateway.CallAsync("GET", $"/api/devices/{device}/{query}");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
    }

    [Theory]
    [InlineData("trips")]
    [InlineData("position")]
    public async Task An_unknown_device_is_not_found(string what)
    {
        var answer = await gateway.CallAsync("GET", $"/api/devices/nobody/{what}?from={Time(0)}&to={Time(1)}&at={Time(1)}");
        Assert.Equal((404, "device_not_found"), (answer.Status, answer.Code));
    }

    private static IEnumerable<Position> Stand(int from, int to, double latitude) =>
        Enumerable.Range(from, to - from).Select(s => Gateway.PositionAt(s, latitude));

    /// <summary>300 s at 11 m/s.</summary>
    private static IEnumerable<Position> Drive(int from, double latitude) => Enumerable.Range(0, 300)
        .Select(s => Gateway.PositionAt(from + s, latitude + (s / 1e4)) with { Speed = 11 });

    private static string Time(int second) => Uri.EscapeDataString(Gateway.PositionAt(second).FixTime.ToString("O"));

    private async Task<Answer> GetAsync(string path)
    {
        var answer = await gateway.CallAsync("GET", $"/api/{path}");
        Assert.True(answer.Status == 200, answer.Text);
        return answer;
    }
}

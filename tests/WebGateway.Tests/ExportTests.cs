using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What is exported, for whom, in which format, and what is refused.</summary>
public sealed class ExportTests(Gateway gateway) : IClassFixture<Gateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", null, "application/geo+json", "geojson")]
    [InlineData("", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "application/geo+json", "geojson")]
    [InlineData("", "application/gpx+xml", "application/gpx+xml", "gpx")]
    [InlineData("", "text/*", "text/csv; charset=utf-8; header=present", "csv")]
    [InlineData("", "text/csv;q=0.1, application/vnd.apache.parquet;q=0.9", "application/vnd.apache.parquet", "parquet")]
    [InlineData("", "application/json", "application/geo+json", "geojson")]
    [InlineData("", "image/png, application/vnd.google-earth.kml+xml;q=0.5", "application/vnd.google-earth.kml+xml", "kml")]
    [InlineData("&format=kml", "text/csv", "application/vnd.google-earth.kml+xml", "kml")]
    [InlineData("&format=mfjson", null, "application/json", "mf.json")]
    public async Task The_query_or_the_caller_chooses_the_format(string query, string? accept, string type, string extension)
    {
        var device = await gateway.CreateDeviceAsync();
        using var response = await GetAsync($"devices/{device}/export?{ExportFiles.Period}{query}", accept);
        Assert.Equal(
            (200, type), ((int)response.StatusCode, response.Content.Headers.GetValues("Content-Type").Single()));
        Assert.Equal(
            $"attachment; filename={device}_20191231T000000Z_20200102T000000Z.{extension}",
            response.Content.Headers.ContentDisposition!.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("text/csv;q=0")]
    [InlineData("no sense")]
    public async Task A_caller_that_takes_no_format_of_ours_is_told_so(string accept)
    {
        var device = await gateway.CreateDeviceAsync();
        using var response = await GetAsync($"devices/{device}/export?{ExportFiles.Period}", accept);
        Assert.Equal(406, (int)response.StatusCode);
        Assert.Contains("\"not_acceptable\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-01-01T00:00:00Z", "to")]
    [InlineData("from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z", "to")]
    [InlineData($"{ExportFiles.Period}&format=xlsx", "format")]
    [InlineData($"{ExportFiles.Period}&format=GPX", "format")]
    [InlineData($"{ExportFiles.Period}&maxGapSeconds=0", "maxGapSeconds")]
    public async Task Bad_queries_are_refused(string query, string field)
    {
        var device = await gateway.CreateDeviceAsync();
        foreach (var path in new[] { $"devices/{device}", "positions" })
        {
            var answer = await gateway.CallAsync("GET", $"/api/{path}/export?{query}");
            Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
            Assert.True(answer.Json.GetProperty("errors").TryGetProperty(field, out _), answer.Text);
        }
    }

    [Fact]
    public async Task What_does_not_exist_is_not_exported()
    {
        foreach (var path in new[]
        {
            "devices/nobody/export?", "positions/export?device=nobody&", "positions/export?device=A%0a&",
        })
        {
            var answer = await gateway.CallAsync("GET", $"/api/{path}{ExportFiles.Period}");
            Assert.Equal((404, "device_not_found"), (answer.Status, answer.Code));
        }

        var many = string.Concat(Enumerable.Range(0, 101).Select(i => $"&device=d{i}"));
        Assert.Equal(400, (await gateway.CallAsync("GET", $"/api/positions/export?{ExportFiles.Period}{many}")).Status);
    }

    [Fact]
    public async Task A_customer_gets_the_own_request_while_it_is_served()
    {
        var (id, customer) = await gateway.CreateRequestAsync();
        var early = await gateway.CallAsync("GET", $"/api/requests/{id}/export?format=csv", token: customer);
        Assert.Equal((403, "route_not_visible"), (early.Status, early.Code));

        var device = await gateway.CreateDeviceAsync();
        await gateway.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{device}}"}""");
        await gateway.StoreAsync(device, id, Gateway.PositionAt(1), Gateway.PositionAt(2));
        using var files = new ExportFiles(gateway);
        var file = await files.GetAsync($"requests/{id}/export?format=csv", customer);
        Assert.EndsWith($"request-{id}.csv", file, StringComparison.Ordinal);
        Assert.Equal([[device, "operator"], [device, "operator"]], DuckDb.Read($"SELECT device_id, role FROM '{file}'"));

        await gateway.SetStatusAsync(id, "cancelled");
        var late = await gateway.CallAsync("GET", $"/api/requests/{id}/export?format=csv", token: customer);
        Assert.Equal((403, "route_not_visible"), (late.Status, late.Code));
    }

    [Fact]
    public async Task A_request_that_changed_hands_has_a_track_for_each_device()
    {
        var (id, _, first) = await gateway.CreateAssignedAsync();
        var second = await gateway.CreateDeviceAsync();
        await gateway.StoreAsync(first, id, Gateway.PositionAt(1), Gateway.PositionAt(2));
        await gateway.StoreAsync(second, id, Gateway.PositionAt(3), Gateway.PositionAt(4), Gateway.PositionAt(5));
        using var files = new ExportFiles(gateway);
        var file = await files.GetAsync($"requests/{id}/export?format=mfjson");
        Assert.Equal(
            [[first, 2L], [second, 3L]],
            DuckDb.Read(
                "SELECT f.properties.deviceId, len(f.temporalGeometry.datetimes) "
                + $"FROM (SELECT unnest(features) f FROM read_json('{file}'))"));
    }

    [Fact]
    public async Task A_customer_has_no_device()
    {
        var (id, customer, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(device, id, Gateway.PositionAt(1));
        await ExecuteAsync(
            "INSERT INTO positions (device_key, fix_time, received_at, request_id, role, lat, lng) "
            + $"SELECT customer_key, '2020-01-01Z', now(), request_id, 2, 1, 2 FROM service_requests WHERE request_id = '{id}'");
        using var files = new ExportFiles(gateway);
        foreach (var format in new[] { "csv", "parquet" })
        {
            var file = await files.GetAsync($"requests/{id}/export?role=customer&format={format}", customer);
            Assert.Equal(
                [[null, "customer", 1.0, 2.0]],
                DuckDb.Read($"SELECT device_id, role, lat::DOUBLE, lng::DOUBLE FROM '{file}'"));
        }

        var gpx = await files.GetAsync($"requests/{id}/export?role=customer&format=gpx", customer);
        Assert.Contains("<name>customer</name><trkseg>", await File.ReadAllTextAsync(gpx, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_devices_come_one_after_the_other()
    {
        using var files = new ExportFiles(gateway);
        string[] devices = [await files.CreateDeviceAsync(), await files.CreateDeviceAsync(), await files.CreateDeviceAsync()];
        Array.Sort(devices, StringComparer.Ordinal);
        var several = $"positions/export?{ExportFiles.Period}&device={devices[2]}&device={devices[0]}&device={devices[0]}";
        var times = ExportFiles.Positions.Select(position => position.FixTime.UtcDateTime).ToList();
        foreach (var format in new[] { "csv", "parquet" })
        {
            var file = await files.GetAsync($"{several}&format={format}");
            Assert.Equal("positions_20191231T000000Z_20200102T000000Z." + format, Path.GetFileName(file));
            Assert.Equal(
                new[] { devices[0], devices[2] }.SelectMany(device => times.Select(time => new object?[] { device, time })),
                DuckDb.Read($"SELECT device_id, fix_time::TIMESTAMPTZ FROM '{file}'"));
        }

        var all = await files.GetAsync($"positions/export?{ExportFiles.Period}&format=csv");
        var found = DuckDb.Read($"SELECT device_id, count(*) FROM '{all}' GROUP BY 1")
            .ToDictionary(row => row[0]!, row => row[1]);
        Assert.All(devices, device => Assert.Equal((long)times.Count, found[device]));
        var gpx = await files.GetAsync($"{several}&format=gpx");
        Assert.Equal(2, (await File.ReadAllTextAsync(gpx, Token)).Split("<trk>").Length - 1);
    }

    [Fact]
    public async Task Longer_gaps_are_gone_over_when_they_are_allowed()
    {
        using var files = new ExportFiles(gateway);
        var device = await files.CreateDeviceAsync();
        var file = await files.GetAsync($"devices/{device}/export?{ExportFiles.Period}&format=gpx&maxGapSeconds=1000");
        Assert.Equal(1, (await File.ReadAllTextAsync(file, Token)).Split("<trkseg>").Length - 1);
    }

    [Fact]
    public async Task An_export_above_the_limit_is_refused_before_it_begins()
    {
        var count = ExportFiles.Positions.Length;
        await using var small = await gateway.StartAnotherAsync(("Gateway:Exports:MaxPositions", $"{count}"));
        using var files = new ExportFiles(small);
        string[] devices = [await files.CreateDeviceAsync(), await files.CreateDeviceAsync()];
        var fits = await small.CallAsync("GET", $"/api/devices/{devices[0]}/export?{ExportFiles.Period}");
        Assert.Equal((200, count), (fits.Status, fits.Json.GetProperty("features").GetArrayLength()));
        var above = await small.CallAsync(
            "GET", $"/api/positions/export?{ExportFiles.Period}&device={devices[0]}&device={devices[1]}");
        Assert.Equal((413, "export_too_large"), (above.Status, above.Code));

        var (id, _, device) = await small.CreateAssignedAsync();
        await small.StoreAsync(device, id, [.. Enumerable.Range(0, count + 1).Select(s => Gateway.PositionAt(s))]);
        Assert.Equal(413, (await small.CallAsync("GET", $"/api/requests/{id}/export")).Status);
    }

    [Fact]
    public async Task Impossible_limits_stop_the_start()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(
            () => gateway.StartAnotherAsync(("Gateway:Exports:MaxPositions", "0")));
        await Assert.ThrowsAsync<OptionsValidationException>(
            () => gateway.StartAnotherAsync(("Gateway:Exports:MaxConcurrent", "0")));
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accept)
    {
        using var client = gateway.CreateClient(gateway.Dispatcher.ToString());
        using var message = new HttpRequestMessage(HttpMethod.Get, $"/api/{path}");
        if (accept is not null)
        {
            message.Headers.TryAddWithoutValidation("Accept", accept);
        }

        return await client.SendAsync(message, Token);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = gateway.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Devices and requests over REST: what works, and every error.</summary>
public sealed class RequestApiTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task A_request_goes_from_pending_to_completed()
    {
        var created = await gateway.CallAsync(
            "POST", "/api/requests", """{"pickup":{"lat":48.1,"lng":11.5},"customerName":"Ada","note":"Flat tyre"}""");
        var id = created.Json.GetProperty("requestId").GetGuid();
        var token = created.Json.GetProperty("trackingToken").GetString();
        Assert.Equal(201, created.Status);
        Assert.Equal("pending", created.Json.GetProperty("status").GetString());
        Assert.Equal(
            new Uri(gateway.Address, $"/t/{id}").ToString() + "#" + token,
            created.Json.GetProperty("trackingUrl").GetString());

        var device = await gateway.CreateDeviceAsync();
        var assigned = await gateway.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{device}}"}""");
        Assert.Equal("assigned", assigned.Json.GetProperty("status").GetString());
        Assert.Equal(device, assigned.Json.GetProperty("deviceId").GetString());
        await gateway.SetStatusAsync(id, "en_route", "arrived", "in_progress", "completed");

        var shown = await gateway.CallAsync("GET", $"/api/requests/{id}", token: token);
        Assert.Equal("completed", shown.Json.GetProperty("status").GetString());
        Assert.Equal("Ada", shown.Json.GetProperty("customerName").GetString());
        Assert.Equal(48.1, shown.Json.GetProperty("pickup").GetProperty("lat").GetDouble());
        Assert.DoesNotContain("token", shown.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Requests_are_listed_newest_first_in_pages()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, (await gateway.CreateRequestAsync()).Id);
        }

        var listed = new List<Guid>();
        string? next = null;
        do
        {
            var page = await gateway.CallAsync("GET", "/api/requests?limit=2" + (next is null ? "" : $"&after={next}"));
            Assert.Equal(200, page.Status);
            listed.AddRange(page.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("requestId").GetGuid()));
            next = page.Json.GetProperty("next").GetString();
        }
        while (next is not null);

        Assert.Equal(ids, listed.Take(5));
        Assert.Equal(listed.Count, listed.Distinct().Count());
    }

    [Fact]
    public async Task A_device_has_a_secret_that_is_shown_once_and_can_be_renewed()
    {
        var created = await gateway.CallAsync("POST", "/api/devices", """{"deviceId":"van-1","name":"Van"}""");
        var renewed = await gateway.CallAsync("POST", "/api/devices/van-1/secret");
        var shown = await gateway.CallAsync("GET", "/api/devices/van-1");
        var listed = await gateway.CallAsync("GET", "/api/devices?after=van-0&limit=1");

        Assert.Equal((201, 200, 200, 200), (created.Status, renewed.Status, shown.Status, listed.Status));
        Assert.Equal(43, created.Json.GetProperty("secret").GetString()!.Length);
        Assert.NotEqual(created.Json.GetProperty("secret").GetString(), renewed.Json.GetProperty("secret").GetString());
        Assert.DoesNotContain("\"secret\"", shown.Text + listed.Text, StringComparison.Ordinal);
        Assert.Equal("van-1", listed.Json.GetProperty("items")[0].GetProperty("deviceId").GetString());
    }

    [Theory]
    [InlineData("POST", "/api/requests", """{"pickup":{"lat":91,"lng":11}}""", 400, "invalid_request")]
    [InlineData("POST", "/api/requests", """{"pickup":{"lat":"48","lng":11}}""", 400, "json_malformed")]
    [InlineData("POST", "/api/requests", """{"pickup":{"lat":48}}""", 400, "json_malformed")]
    [InlineData("POST", "/api/requests", """{"pickup":null}""", 400, "json_malformed")]
    [InlineData("POST", "/api/requests", """{"pickup":{"lat":48,"lng":11},"colour":"red"}""", 400, "json_malformed")]
    [InlineData("POST", "/api/requests", """{"pickup":{"lat":1,"lat":2,"lng":11}}""", 400, "json_malformed")]
    [InlineData("POST", "/api/requests", "{", 400, "json_malformed")]
    [InlineData("POST", "/api/requests", "", 400, "invalid_request")]
    [InlineData("POST", "/api/devices", """{"deviceId":"Not Valid"}""", 400, "invalid_request")]
    [InlineData("POST", "/api/devices", """{"deviceId":"a","name":"a\u0000b"}""", 400, "invalid_request")]
    [InlineData("GET", "/api/devices?limit=0", null, 400, "invalid_request")]
    [InlineData("GET", "/api/devices?limit=many", null, 400, "invalid_request")]
    [InlineData("GET", "/api/requests?after=nothing", null, 400, "invalid_request")]
    [InlineData("GET", "/api/devices/nobody", null, 404, "device_not_found")]
    [InlineData("POST", "/api/devices/nobody/secret", null, 404, "device_not_found")]
    [InlineData("GET", "/api/devices/nobody/route", null, 404, "device_not_found")]
    [InlineData("GET", "/api/requests/0190a5c0-0000-7000-8000-000000000000", null, 404, "request_not_found")]
    [InlineData("GET", "/api/requests/0190a5c0-0000-7000-8000-000000000000/route", null, 404, "request_not_found")]
    [InlineData("POST", "/api/requests/0190a5c0-0000-7000-8000-000000000000/status", """{"status":"arrived"}""", 404, "request_not_found")]
    [InlineData("GET", "/api/nothing", null, 404, "not_found")]
    [InlineData("GET", "/map/streets.geojson", null, 404, "streets_not_configured")]
    [InlineData("DELETE", "/api/requests", null, 405, "method_not_allowed")]
    public async Task Bad_calls_get_a_problem_with_a_code(string method, string path, string? body, int status, string code)
    {
        var answer = await gateway.CallAsync(method, path, body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.StartsWith("application/problem+json", answer.ContentType, StringComparison.Ordinal);
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_change_that_is_not_allowed_gets_409_with_the_current_state()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var jump = await gateway.CallAsync("POST", $"/api/requests/{id}/status", """{"status":"completed"}""");
        Assert.Equal((409, "status_not_allowed"), (jump.Status, jump.Code));
        Assert.Equal("assigned", jump.Json.GetProperty("currentStatus").GetString());

        await gateway.SetStatusAsync(id, "cancelled");
        var device = await gateway.CreateDeviceAsync();
        var late = await gateway.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{device}}"}""");
        Assert.Equal("cancelled", late.Json.GetProperty("currentStatus").GetString());
    }

    [Fact]
    public async Task Taken_and_unknown_devices_are_told()
    {
        var device = await gateway.CreateDeviceAsync();
        var taken = await gateway.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{device}}"}""");
        Assert.Equal((409, "device_exists"), (taken.Status, taken.Code));

        var (id, _) = await gateway.CreateRequestAsync();
        var unknown = await gateway.CallAsync("POST", $"/api/requests/{id}/assign", """{"deviceId":"nobody"}""");
        Assert.Equal((404, "device_not_found"), (unknown.Status, unknown.Code));
        var unreadable = await gateway.CallAsync("POST", $"/api/requests/{id}/status", """{"status":"lost"}""");
        Assert.Equal((400, "invalid_request"), (unreadable.Status, unreadable.Code));
        Assert.True(unreadable.Json.GetProperty("errors").TryGetProperty("status", out _));
    }

    [Fact]
    public async Task Large_bodies_and_other_media_types_are_refused()
    {
        var large = await gateway.CallAsync("POST", "/api/requests", $$"""{"note":"{{new string('x', 70_000)}}"}""");
        Assert.Equal((413, "body_too_large"), (large.Status, large.Code));

        using var client = gateway.CreateClient(gateway.Dispatcher.ToString());
        using var response = await client.PostAsync(
            "/api/requests", new StringContent("pickup"), TestContext.Current.CancellationToken);
        Assert.Equal(415, (int)response.StatusCode);
    }
}

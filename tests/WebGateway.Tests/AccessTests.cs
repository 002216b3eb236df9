using System.Text.RegularExpressions;
using ArtMqtt.Contracts.Security;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who may call what.</summary>
public sealed partial class AccessTests(Gateway gateway) : IClassFixture<Gateway>
{
    /// <summary>Endpoint, body, then the status for a dispatcher, the customer, another customer, and nobody.</summary>
    public static TheoryData<string, string?, int, int, int, int> Endpoints => new()
    {
        { "POST /api/devices", """{"deviceId":"{new}"}""", 201, 403, 403, 401 },
        { "GET /api/devices", null, 200, 403, 403, 401 },
        { "GET /api/devices/{deviceId}", null, 200, 403, 403, 401 },
        { "POST /api/devices/{deviceId}/secret", null, 200, 403, 403, 401 },
        { "POST /api/devices/{deviceId}/disable", null, 200, 403, 403, 401 },
        { "POST /api/devices/{deviceId}/enable", null, 200, 403, 403, 401 },
        { "DELETE /api/devices/{deviceId}", null, 409, 403, 403, 401 },
        { "DELETE /api/devices/{deviceId}/secret/previous", null, 200, 403, 403, 401 },
        { "PUT /api/devices/{deviceId}/certificate", $$"""{"sha256":"{{new string('a', 64)}}"}""", 200, 403, 403, 401 },
        { "DELETE /api/devices/{deviceId}/certificate", null, 200, 403, 403, 401 },
        { "GET /api/device-health", null, 200, 403, 403, 401 },
        { "GET /api/device-health/{deviceId}", null, 200, 403, 403, 401 },
        { "GET /api/clients", null, 200, 403, 403, 401 },
        { "DELETE /api/clients/{connectionId}", null, 404, 403, 403, 401 },
        { "GET /api/dead-letters", null, 200, 403, 403, 401 },
        { "GET /api/dead-letters/{letterId}", null, 403, 403, 403, 401 },
        { "POST /api/dead-letters/{letterId}/retry", null, 403, 403, 403, 401 },
        { "POST /api/dead-letters/retry", null, 403, 403, 403, 401 },
        { "DELETE /api/dead-letters/{letterId}", null, 403, 403, 403, 401 },
        { "DELETE /api/dead-letters", null, 403, 403, 403, 401 },
        { "GET /api/system", null, 403, 403, 403, 401 },
        { "GET /api/nodes", null, 403, 403, 403, 401 },
        { "GET /api/devices/{deviceId}/route", null, 200, 403, 403, 401 },
        { "GET /api/devices/{deviceId}/position", null, 400, 403, 403, 401 },
        { "GET /api/devices/{deviceId}/trips", null, 400, 403, 403, 401 },
        { "GET /api/devices/{deviceId}/stops", null, 400, 403, 403, 401 },
        { "GET /api/devices/{deviceId}/summary", null, 400, 403, 403, 401 },
        { "GET /api/devices/{deviceId}/export", null, 400, 403, 403, 401 },
        { "GET /api/positions/export", null, 400, 403, 403, 401 },
        { "GET /api/positions/latest", null, 200, 403, 403, 401 },
        { "GET /api/positions/heat?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z", null, 200, 403, 403, 401 },
        { "GET /api/positions/search", null, 400, 403, 403, 401 },
        { "POST /api/positions/search", """{"type":"Polygon","coordinates":[]}""", 400, 403, 403, 401 },
        { "POST /api/requests", """{"pickup":{"lat":1,"lng":2}}""", 201, 403, 403, 401 },
        { "GET /api/requests", null, 200, 403, 403, 401 },
        { "GET /api/requests/{requestId}", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/route", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/export", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/position", null, 400, 400, 404, 401 },
        { "GET /api/requests/{requestId}/trips", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/stops", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/summary", null, 200, 200, 404, 401 },
        { "POST /api/requests/{requestId}/assign", """{"deviceId":"{deviceId}"}""", 200, 403, 403, 401 },
        { "POST /api/requests/{requestId}/status", """{"status":"en_route"}""", 200, 403, 403, 401 },
        { "GET /api/requests/{requestId}/events", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/stream?since=rubbish", null, 400, 400, 404, 401 },
        { "DELETE /api/devices/{deviceId}/history", null, 403, 403, 403, 401 },
        { "DELETE /api/requests/{requestId}/customer", null, 403, 403, 403, 401 },
        { "POST /api/tokens", """{"role":"analyst"}""", 403, 403, 403, 401 },
        { "GET /api/tokens", null, 403, 403, 403, 401 },
        { "DELETE /api/tokens/{tokenId}", null, 403, 403, 403, 401 },
        { "POST /api/tokens/revocations", """{"tokenId":"{new}","expiresAt":"2036-01-01T00:00:00Z"}""", 403, 403, 403, 401 },
        { "PUT /api/requests/{requestId}/note", """{"note":"x"}""", 200, 403, 403, 401 },
        { "POST /api/requests/{requestId}/shares", "{}", 201, 201, 404, 401 },
        { "GET /api/requests/{requestId}/shares", null, 200, 200, 404, 401 },
        { "GET /api/requests/{requestId}/shares/{shareId}/opens", null, 404, 404, 404, 401 },
        { "DELETE /api/requests/{requestId}/shares/{shareId}", null, 404, 404, 404, 401 },
        { "GET /api/share", null, 404, 404, 404, 401 },
        { "GET /api/shares", null, 200, 403, 403, 401 },
        { "GET /api/request-events", null, 200, 403, 403, 401 },
        { "GET /api/requests/{requestId}/nearest", null, 200, 403, 403, 401 },
        { "POST /api/webhooks", """{"url":"https://example.org/{new}","events":["request.status"]}""", 201, 403, 403, 401 },
        { "GET /api/webhooks", null, 200, 403, 403, 401 },
        { "GET /api/webhooks/{id}", null, 404, 403, 403, 401 },
        { "PUT /api/webhooks/{id}", """{"url":"https://example.org","events":["request.status"]}""", 404, 403, 403, 401 },
        { "DELETE /api/webhooks/{id}", null, 404, 403, 403, 401 },
        { "POST /api/webhooks/{id}/secret", null, 404, 403, 403, 401 },
        { "POST /api/webhooks/{id}/test", null, 404, 403, 403, 401 },
        { "GET /api/webhooks/{id}/deliveries", null, 404, 403, 403, 401 },
        { "POST /api/webhooks/{id}/deliveries/{deliveryId}/replay", null, 404, 403, 403, 401 },
        { "POST /api/webhooks/{id}/deliveries/replay", """{"since":"2026-11-01T00:00:00Z"}""", 404, 403, 403, 401 },
        { "POST /api/geofences", """{"name":"yard","shape":{"type":"Point","coordinates":[11,48],"radius":100}}""", 201, 403, 403, 401 },
        { "GET /api/geofences", null, 200, 403, 403, 401 },
        { "GET /api/geofences/{id}", null, 404, 403, 403, 401 },
        { "PUT /api/geofences/{id}", """{"name":"yard","shape":{"type":"Point","coordinates":[11,48],"radius":100}}""", 404, 403, 403, 401 },
        { "DELETE /api/geofences/{id}", null, 404, 403, 403, 401 },
        { "GET /api/map/config", null, 200, 200, 200, 200 },
        { "GET /map/streets.geojson", null, 404, 404, 404, 404 },
        { "GET /openapi/v1.json", null, 200, 200, 200, 200 },
        { "POST /hubs/tracking/negotiate?negotiateVersion=1", null, 200, 200, 200, 401 },
    };

    // The status for an admin; a gateway of these tests has no key to issue tokens with.
    private static readonly Dictionary<string, int> _onlyAdmins = new()
    {
        ["DELETE /api/devices/{deviceId}/history"] = 200,
        ["DELETE /api/requests/{requestId}/customer"] = 409,
        ["POST /api/tokens"] = 404,
        ["GET /api/tokens"] = 200,
        ["DELETE /api/tokens/{tokenId}"] = 404,
        ["POST /api/tokens/revocations"] = 204,
        ["GET /api/dead-letters/{letterId}"] = 404,
        ["POST /api/dead-letters/{letterId}/retry"] = 404,
        ["POST /api/dead-letters/retry"] = 200,
        ["DELETE /api/dead-letters/{letterId}"] = 404,
        ["DELETE /api/dead-letters"] = 200,
        ["GET /api/system"] = 200,
        ["GET /api/nodes"] = 200,
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Endpoints_admit_whom_they_should(
        string endpoint, string? body, int dispatcher, int customer, int other, int nobody)
    {
        var (id, token, deviceId) = await gateway.CreateAssignedAsync();
        var (_, otherToken) = await gateway.CreateRequestAsync();
        var callers = new (string? Token, int Expected)[]
        {
            (null, nobody), (otherToken, other), (token, customer), (gateway.Dispatcher.ToString(), dispatcher),
        };
        foreach (var (caller, expected) in callers)
        {
            string Fill(string text) => text
                .Replace("{requestId}", id.ToString(), StringComparison.Ordinal)
                .Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
                .Replace("{deliveryId}", "1", StringComparison.Ordinal)
                .Replace("{deviceId}", deviceId, StringComparison.Ordinal)
                .Replace("{new}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);
            using var client = gateway.CreateClient(caller);
            var parts = Fill(endpoint).Split(' ', 2);
            var answer = await Gateway.SendAsync(client, parts[0], parts[1], body is null ? null : Fill(body));
            Assert.True(expected == answer.Status, $"{endpoint}: {expected} expected, got {answer.Status} {answer.Text}");
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Admins_may_what_dispatchers_may_and_what_nobody_else_may(
        string endpoint, string? body, int dispatcher, int customer, int other, int nobody)
    {
        // Whoever may not do what an admin may, may not do it because of that.
        Assert.True(dispatcher != 403 || (customer, other, nobody) == (403, 403, 401));
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        string Fill(string text) => text
            .Replace("{requestId}", id.ToString(), StringComparison.Ordinal)
            .Replace("{deviceId}", deviceId, StringComparison.Ordinal)
            .Replace("{new}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);
        var parts = Fill(endpoint).Split(' ', 2);
        var content = body is null ? null : Fill(body);
        if (dispatcher == 403)
        {
            var refused = await gateway.CallAsync(parts[0], parts[1], content);
            Assert.Equal((403, "admin_only"), (refused.Status, refused.Code));
        }

        var answer = await gateway.CallAsync(parts[0], parts[1], content, gateway.Admin.ToString());
        var expected = dispatcher == 403 ? _onlyAdmins[endpoint] : dispatcher;
        Assert.True(expected == answer.Status, $"{endpoint}: {expected} expected, got {answer.Status} {answer.Text}");
    }

    [Fact]
    public async Task The_table_has_every_endpoint()
    {
        var document = await gateway.CallAsync("GET", "/openapi/v1.json");
        var listed = document.Json.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Empty(listed.Except(Endpoints.Select(row => row.Data.Item1.Split('?')[0])));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("d.wrong")]
    [InlineData("c.00000000000000000000000000000000.wrong")]
    [InlineData("c.{id}.wrong")]
    public async Task Wrong_tokens_get_401(string token)
    {
        var (id, _) = await gateway.CreateRequestAsync();
        var wrong = token.Replace("{id}", id.ToString("N"), StringComparison.Ordinal);
        var answer = await gateway.CallAsync("GET", $"/api/requests/{id}", token: wrong);
        Assert.Equal((401, "token_invalid"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_token_in_the_query_counts_on_the_hub_and_on_streams_only()
    {
        using var client = gateway.CreateClient(null);
        var (id, _) = await gateway.CreateRequestAsync();
        var query = $"access_token={gateway.Dispatcher}";
        var api = await Gateway.SendAsync(client, "GET", $"/api/requests?{query}", null);
        var hub = await Gateway.SendAsync(client, "POST", $"/hubs/tracking/negotiate?negotiateVersion=1&{query}", null);
        var stream = await Gateway.SendAsync(client, "GET", $"/api/requests/{id}/stream?since=rubbish&{query}", null);
        Assert.Equal((401, "token_missing", 200, 400), (api.Status, api.Code, hub.Status, stream.Status));
        Assert.DoesNotContain(
            gateway.Log.Lines, line => line.Text.Contains(gateway.Dispatcher.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_customer_keeps_the_final_status_after_the_end()
    {
        var (id, token, _) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(id, "cancelled");
        var shown = await gateway.CallAsync("GET", $"/api/requests/{id}", token: token);
        var route = await gateway.CallAsync("GET", $"/api/requests/{id}/route", token: token);
        Assert.Equal((200, 403, "route_not_visible"), (shown.Status, route.Status, route.Code));
        Assert.Equal(200, (await gateway.CallAsync("GET", $"/api/requests/{id}/route")).Status);
    }

    [Fact]
    public async Task The_hub_admits_whom_it_should()
    {
        var token = TestContext.Current.CancellationToken;
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var (_, other) = await gateway.CreateRequestAsync();
        await using var allowed = await gateway.ConnectAsync(customer);
        await allowed.InvokeAsync<object>("join:request", id.ToString(), null, token);

        await using var stranger = await gateway.ConnectAsync(other);
        var refused = await Assert.ThrowsAsync<HubException>(
            () => stranger.InvokeAsync<object>("join:request", id.ToString(), null, token));
        Assert.Contains("request_not_found: ", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.ConnectAsync(null));
    }

    [Fact]
    public async Task Answers_carry_the_security_headers_also_when_they_are_errors()
    {
        using var client = gateway.CreateClient(null);
        foreach (var path in new[] { "/", "/api/requests", "/api/nothing", "/api/map/config", "/explorer/" })
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
            Assert.Equal("geolocation=(self)", response.Headers.GetValues("Permissions-Policy").Single());
            // Without TLS these two mean nothing.
            Assert.False(response.Headers.Contains("Strict-Transport-Security"));
            Assert.False(response.Headers.Contains("Cross-Origin-Opener-Policy"));
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotMatch(OutsideHost(), policy);
        }
    }

    [Fact]
    public async Task A_page_of_another_site_may_call_with_a_token_and_learns_why_it_may_not()
    {
        var (id, customer) = await gateway.CreateRequestAsync();
        using var client = gateway.CreateClient(customer);
        client.DefaultRequestHeaders.Add("Origin", "https://shop.example.org");
        using var ask = new HttpRequestMessage(HttpMethod.Options, $"/api/requests/{id}");
        ask.Headers.Add("Access-Control-Request-Method", "GET");
        ask.Headers.Add("Access-Control-Request-Headers", "authorization");
        using var asked = await client.SendAsync(ask, TestContext.Current.CancellationToken);
        Assert.Equal(["authorization"], asked.Headers.GetValues("Access-Control-Allow-Headers"));

        foreach (var path in new[] { $"/api/requests/{id}", $"/api/requests/{Guid.NewGuid()}", "/api/devices" })
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task Only_pages_of_sites_in_the_list_may_call_when_there_is_one()
    {
        await using var strict = await gateway.StartAnotherAsync(
            ("Gateway:Cors:AllowedOrigins:0", "https://shop.example.org"), ("Gateway:Cors:AllowedOrigins:1", "http://localhost:5173"));
        foreach (var (origin, isAllowed) in new[]
        {
            ("https://shop.example.org", true), ("http://localhost:5173", true), ("https://evil.example.org", false),
            ("http://shop.example.org", false),
        })
        {
            using var client = strict.CreateClient(strict.Dispatcher.ToString());
            client.DefaultRequestHeaders.Add("Origin", origin);
            using var response = await client.GetAsync("/api/requests", TestContext.Current.CancellationToken);
            Assert.Equal(isAllowed ? [origin] : [], response.Headers.TryGetValues("Access-Control-Allow-Origin", out var said) ? said : []);
            Assert.Equal(isAllowed, response.Headers.Contains("Access-Control-Expose-Headers"));
        }
    }

    [Theory]
    [InlineData("shop.example.org")]
    [InlineData("https://shop.example.org/")]
    [InlineData("https://shop.example.org/path")]
    [InlineData("ftp://shop.example.org")]
    [InlineData("*")]
    public async Task What_is_no_origin_stops_the_start(string origin) =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => gateway.StartAnotherAsync(("Gateway:Cors:AllowedOrigins:0", origin)));

    [Fact]
    public async Task Too_many_wrong_tokens_get_429_and_right_ones_go_on()
    {
        await using var strict = await gateway.StartAnotherAsync(("Gateway:Security:FailedAttemptsPerMinute", "3"));
        using var client = strict.CreateClient(AccessToken.NewDispatcher().ToString());
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            statuses.Add((await Gateway.SendAsync(client, "GET", "/api/requests", null)).Status);
        }

        Assert.Equal([401, 401, 401, 429, 429], statuses);
        Assert.Equal(200, (await strict.CallAsync("GET", "/api/requests")).Status);
    }

    [GeneratedRegex("https?://")]
    private static partial Regex OutsideHost();
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What belongs to another firm does not exist, wherever one asks.</summary>
public sealed class TenantTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    private const string Period = "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z";
    private const string Box = "west=11&south=48&east=12&north=49";

    // How endpoints are asked that name neither a device nor a request, so that all they know is in the answer. An endpoint
    // without an entry fails.
    private static readonly Dictionary<string, (string Query, string? Body)> _lists = new()
    {
        ["GET /api/devices"] = ("?limit=1000", null),
        ["GET /api/device-health"] = ("?limit=500", null),
        ["GET /api/requests"] = ("?limit=1000", null),
        ["GET /api/request-events"] = ("?limit=1000", null),
        ["GET /api/shares"] = ("?limit=1000", null),
        ["GET /api/positions/export"] = ($"?{Period}&format=csv", null),
        ["GET /api/positions/latest"] = ("?limit=100000", null),
        ["GET /api/positions/search"] = ($"?{Period}&{Box}&limit=10000", null),
        ["GET /api/webhooks"] = ("", null),
        ["GET /api/geofences"] = ("", null),
        ["POST /api/positions/search"] = (
            $"?{Period}&limit=10000", """{"type":"Polygon","coordinates":[[[11,48],[12,48],[12,49],[11,49],[11,48]]]}"""),
    };

    private static readonly string[] _names = ["{requestId}", "{deviceId}", "{id}", "{connectionId}", "{letterId}", "{tokenId}"];

    // Other things that belong to a firm, by where they are found.
    private static readonly Dictionary<string, string> _things = new()
    {
        ["/api/webhooks"] = """{"url":"https://example.org/{new}","events":["request.status"]}""",
        ["/api/geofences"] = """{"name":"yard","shape":{"type":"Point","coordinates":[11,48],"radius":100}}""",
    };

    // Those that make something new, tell everybody the same, or tell of what the token itself is about; the heat names nothing
    // (HeatTests); tokens name people (RevokedTokenTests).
    private static readonly string[] _others =
    [
        "POST /api/devices", "POST /api/requests", "POST /api/webhooks", "POST /api/geofences", "POST /api/tokens",
        "GET /api/tokens", "POST /api/tokens/revocations",
        "GET /api/clients", "GET /api/system", "GET /api/nodes", "GET /api/dead-letters", "POST /api/dead-letters/retry", "DELETE /api/dead-letters",
        "GET /api/positions/heat", "GET /api/share", "GET /api/map/config", "GET /map/streets.geojson", "GET /openapi/v1.json",
        "POST /hubs/tracking/negotiate",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?> Endpoints =>
        [.. AccessTests.Endpoints.Select(row => new TheoryDataRow<string, string?>(row.Data.Item1, row.Data.Item2))];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Nothing_of_another_firm_is_shown_or_changed(string endpoint, string? body)
    {
        var (id, deviceId) = await CreateAsync("acme");
        var before = await gateway.CallAsync("GET", $"/api/requests/{id}", token: gateway.Admin.ToString());
        var parts = endpoint.Split('?')[0].Split(' ');
        if (parts[1] == "/api/shares")
        {
            await gateway.CallAsync("POST", $"/api/requests/{id}/shares", "{}", Dispatcher("acme"));
        }

        var thing = _things.Keys.FirstOrDefault(path => parts[1].StartsWith(path, StringComparison.Ordinal)) is { } place
            ? await CreateThingAsync(place)
            : "";
        string Fill(string text) => text.Replace("{requestId}", id.ToString(), StringComparison.Ordinal)
            .Replace("{deviceId}", deviceId, StringComparison.Ordinal)
            .Replace("{id}", thing, StringComparison.Ordinal)
            .Replace("{deliveryId}", "1", StringComparison.Ordinal)
            .Replace("{new}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);
        var isNamed = _names.Any(name => parts[1].Contains(name, StringComparison.Ordinal));
        var (query, content) = isNamed || _others.Contains(endpoint.Split('?')[0])
            ? (endpoint.Contains('?', StringComparison.Ordinal) ? $"?{endpoint.Split('?')[1]}" : "", body)
            : _lists[endpoint];
        foreach (var stranger in Strangers())
        {
            var answer = await gateway.CallAsync(
                parts[0], Fill(parts[1]) + query, content is null ? null : Fill(content), stranger);
            Assert.True(
                !isNamed || answer.Status is 404 or 403, $"{endpoint}: {answer.Status} {answer.Text}");
            Assert.True(
                answer.Status != 404 || !isNamed || answer.Code is "request_not_found" or "device_not_found" or "webhook_not_found"
                    or "geofence_not_found" or "client_not_found" or "letter_not_found" or "token_not_found",
                $"{endpoint}: {answer.Text}");
            Assert.True(isNamed || answer.Status is < 400 or 403 or 404, $"{endpoint}: {answer.Status} {answer.Text}");
            Assert.DoesNotContain(id.ToString(), answer.Text, StringComparison.Ordinal);
            Assert.True(thing.Length == 0 || !answer.Text.Contains(thing, StringComparison.Ordinal), answer.Text);
            if (answer.Status < 400)
            {
                Assert.DoesNotContain(deviceId, answer.Text, StringComparison.Ordinal);
            }
        }

        // The own people and the admin of all see it in the same lists, so the lists would have shown it.
        foreach (var friend in isNamed || !_lists.ContainsKey(endpoint) ? [] : Friends())
        {
            var answer = await gateway.CallAsync(parts[0], parts[1] + query, content, friend);
            var whose = parts[1] is "/api/requests" or "/api/request-events" or "/api/shares" ? id.ToString() : thing.Length > 0 ? thing : deviceId;
            Assert.True(
                answer.Text.Contains(whose, StringComparison.Ordinal) || ((thing.Length > 0 || parts[1] == "/api/shares") && answer.Code == "dispatcher_only"), answer.Text);
        }

        var after = await gateway.CallAsync("GET", $"/api/requests/{id}", token: gateway.Admin.ToString());
        Assert.Equal((200, before.Text), (after.Status, after.Text));

        async Task<string> CreateThingAsync(string path)
        {
            var made = await gateway.CallAsync(
                "POST", path, _things[path].Replace("{new}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal), Dispatcher("acme"));
            Assert.Equal(201, made.Status);
            // A webhook comes with its secret beside it.
            return (made.Json.TryGetProperty("webhook", out var webhook) ? webhook : made.Json).GetProperty("id").GetString()!;
        }
    }

    [Fact]
    public async Task A_request_that_is_over_is_still_the_firms()
    {
        var (id, _) = await CreateAsync("acme");
        await gateway.CallAsync("POST", $"/api/requests/{id}/status", """{"status":"cancelled"}""", Dispatcher("acme"));
        await using var another = await gateway.StartAnotherAsync(RealtimeGateway.TokenSettings);

        foreach (var node in new Gateway[] { gateway, another })
        {
            Assert.Equal(200, (await node.CallAsync("GET", $"/api/requests/{id}", token: Dispatcher("acme"))).Status);
            foreach (var path in new[] { "", "/route", "/events", "/trips" })
            {
                Assert.Equal(404, (await node.CallAsync("GET", $"/api/requests/{id}{path}", token: Dispatcher("other"))).Status);
            }
        }
    }

    [Fact]
    public async Task Ids_are_unique_over_all_firms_and_the_answer_says_whose_it_is()
    {
        var deviceId = $"van-{Guid.NewGuid():N}";
        var body = $$"""{"deviceId":"{{deviceId}}"}""";
        Assert.Equal(201, (await gateway.CallAsync("POST", "/api/devices", body, Dispatcher("acme"))).Status);

        var taken = await gateway.CallAsync("POST", "/api/devices", body, Dispatcher("other"));

        Assert.Equal((409, "device_exists"), (taken.Status, taken.Code));
        var shown = await gateway.CallAsync("GET", $"/api/devices/{deviceId}", token: Dispatcher("acme"));
        Assert.Equal("acme", shown.Json.GetProperty("tenant").GetString());
    }

    [Fact]
    public async Task Only_an_admin_of_all_names_another_firm()
    {
        foreach (var (path, body) in new[]
        {
            ("/api/devices", """{"deviceId":"van-NEW","tenant":"TENANT"}"""),
            ("/api/requests", """{"pickup":{"lat":1,"lng":2},"tenant":"TENANT"}"""),
        })
        {
            async Task<Answer> CreateAsync(string tenant, string token) => await gateway.CallAsync(
                "POST", path, body.Replace("NEW", Guid.NewGuid().ToString("N"), StringComparison.Ordinal)
                    .Replace("TENANT", tenant, StringComparison.Ordinal), token);

            Assert.Equal(201, (await CreateAsync("acme", gateway.Admin.ToString())).Status);
            Assert.Equal(201, (await CreateAsync("acme", Dispatcher("acme"))).Status);
            Assert.Equal(201, (await CreateAsync("", gateway.Dispatcher.ToString())).Status);
            foreach (var (tenant, token) in new[]
            {
                ("other", Dispatcher("acme")), ("other", Admin("acme")), ("", Dispatcher("acme")),
                ("acme", gateway.Dispatcher.ToString()),
            })
            {
                var refused = await CreateAsync(tenant, token);
                Assert.Equal((403, "tenant_not_allowed"), (refused.Status, refused.Code));
            }

            var bad = await CreateAsync("No Tenant", gateway.Admin.ToString());
            Assert.Equal((400, "invalid_request"), (bad.Status, bad.Code));
        }
    }

    [Fact]
    public async Task A_device_serves_requests_of_its_own_firm_only()
    {
        var (id, own) = await CreateAsync("acme");
        var (_, foreign) = await CreateAsync("other");

        foreach (var caller in new[] { Dispatcher("acme"), gateway.Admin.ToString() })
        {
            var refused = await gateway.CallAsync(
                "POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{foreign}}"}""", caller);
            Assert.Equal((404, "device_not_found"), (refused.Status, refused.Code));
        }

        var export = await gateway.CallAsync("GET", $"/api/positions/export?{Period}&device={foreign}", token: Dispatcher("acme"));
        Assert.Equal((404, "device_not_found"), (export.Status, export.Code));
        Assert.Equal(200, (await gateway.CallAsync("GET", $"/api/positions/export?{Period}&device={own}", token: Dispatcher("acme"))).Status);
    }

    [Fact]
    public async Task The_same_idempotency_key_of_two_firms_makes_two_requests()
    {
        async Task<Answer> CreateAsync(string token)
        {
            using var client = gateway.CreateClient(token);
            client.DefaultRequestHeaders.Add("Idempotency-Key", "order-1");
            return await Gateway.SendAsync(client, "POST", "/api/requests", """{"pickup":{"lat":1,"lng":2}}""");
        }

        var made = new List<Answer>();
        foreach (var token in new[] { Dispatcher("acme"), Dispatcher("other"), gateway.Dispatcher.ToString() })
        {
            made.Add(await CreateAsync(token));
            var again = await CreateAsync(token);
            Assert.Equal(made[^1].Text, again.Text);
        }

        Assert.Equal(3, made.Select(answer => answer.Json.GetProperty("requestId").GetGuid()).Distinct().Count());
        Assert.Equal(3, made.Select(answer => answer.Json.GetProperty("trackingToken").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_hub_shows_requests_of_the_own_firm_only()
    {
        var (id, _) = await CreateAsync("acme");
        foreach (var friend in Friends())
        {
            await using var allowed = await gateway.ConnectAsync(friend);
            await allowed.InvokeAsync<object>("join:request", id.ToString(), null, Token);
        }

        foreach (var stranger in Strangers())
        {
            await using var refused = await gateway.ConnectAsync(stranger);
            var error = await Assert.ThrowsAsync<HubException>(
                () => refused.InvokeAsync<object>("join:request", id.ToString(), null, Token));
            Assert.Contains("request_not_found: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tokens_of_devices_and_customers_that_name_another_firm_are_wrong()
    {
        var (id, deviceId) = await CreateAsync("acme");
        foreach (var (tenant, expected) in new[] { ("acme", 200), ("other", 401) })
        {
            var customer = RealtimeGateway.Sign(("role", "customer"), ("request_id", id.ToString()), ("tenant", tenant));
            var device = RealtimeGateway.Sign(("role", "device"), ("sub", deviceId), ("tenant", tenant));
            Assert.Equal(expected, (await gateway.CallAsync("GET", $"/api/requests/{id}", token: customer)).Status);
            Assert.Equal(expected, (await gateway.CallAsync("GET", $"/api/requests/{id}", token: device)).Status);
        }

        var withoutOne = RealtimeGateway.Sign(("role", "customer"), ("request_id", id.ToString()));
        Assert.Equal(200, (await gateway.CallAsync("GET", $"/api/requests/{id}", token: withoutOne)).Status);
    }

    [Fact]
    public async Task Row_changes_are_told_to_the_own_firm_and_to_admins_of_all()
    {
        await gateway.SettleAsync();
        await using var friend = await JoinAsync(Dispatcher("acme"));
        await using var admin = await JoinAsync(gateway.Admin.ToString());
        await using var stranger = await JoinAsync(Dispatcher("other"));
        await using var nobodys = await JoinAsync(gateway.Dispatcher.ToString());
        var (acme, _) = await CreateAsync("acme");
        var (other, _) = await CreateAsync("other");
        var (none, _, _) = await gateway.CreateAssignedAsync();

        // Each waits for the last change of its own; what came before it is all there was.
        Assert.Equal(["acme"], await TenantsAsync(friend, acme));
        Assert.Equal(["other"], await TenantsAsync(stranger, other));
        Assert.Equal([""], await TenantsAsync(nobodys, none));
        Assert.Equal(["", "acme", "other"], await TenantsAsync(admin, none));
    }

    [Fact]
    public async Task Topics_of_one_firm_are_not_those_of_another()
    {
        await using var sender = await RealtimeSocket.ConnectAsync(gateway, Dispatcher("acme"));
        await using var friend = await RealtimeSocket.ConnectAsync(gateway, Dispatcher("acme"));
        await using var stranger = await RealtimeSocket.ConnectAsync(gateway, Dispatcher("other"));
        foreach (var socket in new[] { sender, friend, stranger })
        {
            var reply = await socket.JoinAsync("realtime:yard");
            Assert.Equal("ok", reply.GetProperty("status").GetString());
        }

        await sender.SendAsync("realtime:yard", "broadcast", """{"type":"broadcast","event":"x","payload":{}}""", "1");
        await friend.ReadUntilAsync("broadcast");
        // A heartbeat is answered behind what was sent before.
        await stranger.CallAsync("phoenix", "heartbeat", "{}");
        Assert.DoesNotContain(stranger.Came, message => message.Event == "broadcast");
    }

    [Fact]
    public async Task A_channel_that_gets_the_token_of_another_firm_hears_neither()
    {
        await using var changed = await RealtimeSocket.ConnectAsync(gateway, Dispatcher("acme"));
        await changed.JoinAsync("realtime:hall");
        await changed.SendAsync("realtime:hall", "access_token", $$"""{"access_token":"{{Dispatcher("other")}}"}""", "1");
        // Messages of one connection are handled in their order.
        await changed.CallAsync("phoenix", "heartbeat", "{}");
        foreach (var tenant in new[] { "acme", "other" })
        {
            await using var sender = await RealtimeSocket.ConnectAsync(gateway, Dispatcher(tenant));
            await sender.JoinAsync("realtime:hall", more: ""","broadcast":{"ack":true,"self":false}""");
            await sender.CallAsync("realtime:hall", "broadcast", """{"type":"broadcast","event":"x","payload":{}}""", "1");
        }

        await changed.CallAsync("phoenix", "heartbeat", "{}");
        Assert.DoesNotContain(changed.Came, message => message.Event == "broadcast");
        var refused = await changed.CallAsync("realtime:hall", "broadcast", """{"type":"broadcast","event":"x","payload":{}}""", "1");
        Assert.Equal("error", refused.GetProperty("status").GetString());
    }

    private static string Dispatcher(string tenant) => Sign("dispatcher", tenant);

    private static string Admin(string tenant) => Sign("admin", tenant);

    private static string Sign(string role, string tenant) =>
        RealtimeGateway.Sign(("role", role), ("sub", "ada"), ("tenant", JsonValue.Create(tenant)));

    private IEnumerable<string> Friends() =>
        [Dispatcher("acme"), Sign("analyst", "acme"), Admin("acme"), gateway.Admin.ToString()];

    private IEnumerable<string> Strangers() =>
        [Dispatcher("other"), Sign("analyst", "other"), Admin("other"), gateway.Dispatcher.ToString()];

    private async Task<(Guid Id, string DeviceId)> CreateAsync(string tenant)
    {
        var deviceId = $"truck-{Guid.NewGuid():N}";
        Assert.Equal(201, (await gateway.CallAsync(
            "POST", "/api/devices", $$"""{"deviceId":"{{deviceId}}"}""", Dispatcher(tenant))).Status);
        var request = await gateway.CallAsync("POST", "/api/requests", """{"pickup":{"lat":48.1,"lng":11.5}}""", Dispatcher(tenant));
        var id = request.Json.GetProperty("requestId").GetGuid();
        Assert.Equal(tenant, request.Json.GetProperty("tenant").GetString());
        Assert.Equal(200, (await gateway.CallAsync(
            "POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{deviceId}}"}""", Dispatcher(tenant))).Status);
        await gateway.StoreAsync(deviceId, id, Gateway.PositionAt(1));
        return (id, deviceId);
    }

    private async Task<RealtimeSocket> JoinAsync(string token)
    {
        var socket = await RealtimeSocket.ConnectAsync(gateway, token);
        var reply = await socket.JoinAsync("realtime:rows", """{"event":"*","schema":"public"}""");
        Assert.Equal("ok", reply.GetProperty("status").GetString());
        return socket;
    }

    private static async Task<IEnumerable<string>> TenantsAsync(RealtimeSocket socket, Guid until)
    {
        await socket.ReadUntilAsync(message => message.Event == "postgres_changes"
            && message.Payload.GetRawText().Contains($"\"{until}\"", StringComparison.Ordinal)
            && message.Payload.GetRawText().Contains("\"to_status\":\"assigned\"", StringComparison.Ordinal));
        return socket.Came.Where(message => message.Event == "postgres_changes")
            .Select(message => message.Payload.GetProperty("data").GetProperty("record").GetProperty("tenant").GetString()!)
            .Distinct().Order(StringComparer.Ordinal);
    }
}

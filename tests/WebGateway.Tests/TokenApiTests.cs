using ArtMqtt.Identity;
using ArtMqtt.TestKit;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway with a key of its own to issue tokens.</summary>
public sealed class IssuingGateway(TimescaleServer server) : Gateway(server)
{
    private readonly TestFolder _folder = new();

    public string KeyFile
    {
        get
        {
            var file = Path.Combine(_folder.Path, "token-key");
            if (!File.Exists(file))
            {
                File.WriteAllText(file, TokenServices.NewLocalKey());
            }

            return file;
        }
    }

    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Tokens:LocalKeyFile", KeyFile), ("Tokens:LocalMaxLifetime", "02:00:00")];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Tokens that admins issue.</summary>
public sealed class TokenApiTests(IssuingGateway gateway) : IClassFixture<IssuingGateway>
{
    [Fact]
    public async Task An_admin_issues_tokens_that_count_at_once_on_every_node_with_the_key()
    {
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        await using var another = await gateway.StartAnotherAsync(("Tokens:LocalKeyFile", gateway.KeyFile));
        foreach (var (body, call, expected) in new[]
        {
            ("""{"role":"dispatcher","subject":"ada"}""", "GET /api/requests", 200),
            ("""{"role":"analyst"}""", "GET /api/devices", 200),
            ("""{"role":"analyst"}""", $"POST /api/devices/{deviceId}/enable", 403),
            ("""{"role":"admin"}""", $"DELETE /api/devices/{deviceId}/history", 200),
            ($$"""{"role":"operator","deviceId":"{{deviceId}}"}""", $"GET /api/requests/{id}", 200),
            ($$"""{"role":"device","deviceId":"{{deviceId}}"}""", $"GET /api/requests/{id}", 200),
            ($$"""{"role":"customer","requestId":"{{id}}"}""", $"GET /api/requests/{id}", 200),
            ($$"""{"role":"customer","requestId":"{{id}}"}""", "GET /api/requests", 403),
        })
        {
            var made = await CreateAsync(body);
            Assert.Equal(201, made.Status);
            var token = made.Json.GetProperty("token").GetString();
            foreach (var node in new Gateway[] { gateway, another })
            {
                var answer = await node.CallAsync(call.Split(' ')[0], call.Split(' ')[1], token: token);
                Assert.True(expected == answer.Status, $"{body} {call}: {answer.Status} {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task A_token_lasts_an_hour_or_as_long_as_it_was_wanted()
    {
        foreach (var (lifetime, seconds) in new[] { ("", 3600), (",\"lifetimeSeconds\":7200", 7200) })
        {
            var made = await CreateAsync($$"""{"role":"analyst"{{lifetime}}}""");
            var left = made.Json.GetProperty("expiresAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
            Assert.InRange(left.TotalSeconds, seconds - 60, seconds);
        }
    }

    [Theory]
    [InlineData("""{"role":"king"}""", 400, "invalid_request")]
    [InlineData("""{"role":"1"}""", 400, "invalid_request")]
    [InlineData("""{"role":"device"}""", 400, "invalid_request")]
    [InlineData("""{"role":"customer"}""", 400, "invalid_request")]
    [InlineData("""{"role":"dispatcher","deviceId":"van-1"}""", 400, "invalid_request")]
    [InlineData("""{"role":"dispatcher","subject":""}""", 400, "invalid_request")]
    [InlineData("""{"role":"dispatcher","lifetimeSeconds":59}""", 400, "invalid_request")]
    [InlineData("""{"role":"dispatcher","lifetimeSeconds":7201}""", 400, "invalid_request")]
    [InlineData("""{"role":"dispatcher","tenant":"No"}""", 400, "invalid_request")]
    [InlineData("""{"role":"device","deviceId":"nobody"}""", 404, "device_not_found")]
    [InlineData("""{"role":"customer","requestId":"01890000-0000-7000-8000-000000000000"}""", 404, "request_not_found")]
    public async Task What_makes_no_sense_is_refused(string body, int status, string code)
    {
        var answer = await CreateAsync(body);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_firms_admin_issues_tokens_of_that_firm_only()
    {
        var admin = (await CreateAsync("""{"role":"admin","tenant":"acme"}""")).Json.GetProperty("token").GetString()!;
        var own = await CreateAsync("""{"role":"dispatcher","subject":"ada"}""", admin);
        Assert.Equal("acme", own.Json.GetProperty("tenant").GetString());

        foreach (var tenant in new[] { "other", "" })
        {
            var refused = await CreateAsync($$"""{"role":"admin","tenant":"{{tenant}}"}""", admin);
            Assert.Equal((403, "tenant_not_allowed"), (refused.Status, refused.Code));
        }

        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        Assert.Equal("device_not_found", (await CreateAsync($$"""{"role":"device","deviceId":"{{deviceId}}"}""", admin)).Code);
        Assert.Equal("request_not_found", (await CreateAsync($$"""{"role":"customer","requestId":"{{id}}"}""", admin)).Code);
        Assert.Equal(
            "device_not_found", (await CreateAsync($$"""{"role":"device","deviceId":"{{deviceId}}","tenant":"acme"}""")).Code);

        var theirs = own.Json.GetProperty("token").GetString();
        Assert.Equal(201, (await gateway.CallAsync("POST", "/api/devices", """{"deviceId":"acme-1"}""", theirs)).Status);
        var device = await CreateAsync("""{"role":"device","deviceId":"acme-1"}""");
        Assert.Equal("acme", device.Json.GetProperty("tenant").GetString());
    }

    private Task<Answer> CreateAsync(string body, string? token = null) =>
        gateway.CallAsync("POST", "/api/tokens", body, token ?? gateway.Admin.ToString());
}

using System.Text.Json.Nodes;
using ArtMqtt.Contracts.Devices;
using ArtMqtt.Store.Devices;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A gateway that accepts JSON Web Tokens of a shared key.</summary>
public sealed class TokenGateway(TimescaleServer server) : Gateway(server)
{
    public static readonly byte[] Key = Enumerable.Repeat((byte)42, 32).ToArray();

    protected override IEnumerable<(string Key, string Value)> Settings =>
    [
        ("Tokens:SymmetricKey", Convert.ToBase64String(Key)), ("Tokens:Issuer", TestToken.Issuer),
        ("Tokens:Audience", TestToken.Audience), ("Tokens:ClockSkew", "00:00:00"),
    ];
}

/// <summary>JSON Web Tokens as bearers.</summary>
public sealed class TokenTests(TokenGateway gateway) : IClassFixture<TokenGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Roles_may_what_they_should()
    {
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        var (otherId, _, otherDevice) = await gateway.CreateAssignedAsync();
        var tokens = new Dictionary<string, string>
        {
            ["dispatcher"] = Sign(("role", "dispatcher"), ("sub", "ada")),
            ["analyst"] = Sign(("role", "analyst"), ("sub", "bob")),
            ["operator"] = Sign(("role", "operator"), ("device_id", deviceId)),
            ["device"] = Sign(("role", "device"), ("sub", deviceId)),
            ["customer"] = Sign(("role", "customer"), ("request_id", id.ToString())),
        };
        var table = new (string Call, string Allowed, int Otherwise)[]
        {
            ("GET /api/devices", "dispatcher analyst", 403),
            ($"GET /api/devices/{deviceId}/route", "dispatcher analyst", 403),
            ($"GET /api/devices/{deviceId}/summary?from=2026-01-01T00:00Z&to=2026-01-02T00:00Z", "dispatcher analyst", 403),
            ("GET /api/positions/latest", "dispatcher analyst", 403),
            ($"GET /api/devices/{deviceId}/export?from=2026-01-01T00:00Z&to=2026-01-02T00:00Z", "dispatcher analyst", 403),
            ("GET /api/positions/export?from=2026-01-01T00:00Z&to=2026-01-02T00:00Z", "dispatcher analyst", 403),
            ("GET /api/requests", "dispatcher analyst operator device", 403),
            ($"GET /api/requests/{id}", "dispatcher analyst operator device customer", 404),
            ($"GET /api/requests/{id}/route", "dispatcher analyst operator device customer", 404),
            ($"GET /api/requests/{id}/export", "dispatcher analyst operator device customer", 404),
            ($"GET /api/requests/{id}/trips", "dispatcher analyst operator device customer", 404),
            ($"GET /api/requests/{otherId}", "dispatcher analyst", 404),
            ($"POST /api/devices/{otherDevice}/secret", "dispatcher", 403),
            ($"POST /api/devices/{otherDevice}/enable", "dispatcher", 403),
            ("POST /hubs/tracking/negotiate?negotiateVersion=1", "dispatcher analyst operator device customer", 0),
        };

        foreach (var (call, allowed, otherwise) in table)
        {
            foreach (var (role, token) in tokens)
            {
                var parts = call.Split(' ');
                var expected = allowed.Split(' ').Contains(role) ? 200 : otherwise;
                var answer = await gateway.CallAsync(parts[0], parts[1], token: token);
                Assert.True(expected == answer.Status, $"{call} as {role}: {answer.Status} {answer.Text}");
            }
        }
    }

    [Fact]
    public async Task An_analyst_does_not_learn_from_where_a_device_connects()
    {
        var deviceId = await gateway.CreateDeviceAsync();
        await gateway.Services.GetRequiredService<DeviceEventWriter>().WriteAsync(
            [new DeviceEvent(deviceId, DeviceEventKind.Connected, TimeProvider.System.GetUtcNow(), IsOnline: true) { Address = "192.0.2.9" }],
            Token);

        foreach (var path in new[] { $"/api/device-health?search={deviceId}", $"/api/device-health/{deviceId}" })
        {
            var shown = await gateway.CallAsync("GET", path, token: Sign(("role", "dispatcher")));
            var hidden = await gateway.CallAsync("GET", path, token: Sign(("role", "analyst")));
            Assert.Contains("192.0.2.9", shown.Text, StringComparison.Ordinal);
            Assert.Equal(200, hidden.Status);
            Assert.Contains("\"presence\":\"online\"", hidden.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("192.0.2.9", hidden.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_device_that_is_disabled_is_refused()
    {
        var deviceId = await gateway.CreateDeviceAsync();
        var token = Sign(("role", "device"), ("sub", deviceId));
        Assert.Equal(403, (await gateway.CallAsync("GET", "/api/devices", token: token)).Status);

        Assert.Equal(200, (await gateway.CallAsync("POST", $"/api/devices/{deviceId}/disable")).Status);

        var answer = await gateway.CallAsync("GET", "/api/devices", token: token);
        Assert.Equal((401, "token_invalid"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Wrong_and_expired_tokens_get_401()
    {
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1).ToUnixTimeSeconds();
        foreach (var token in new[]
        {
            Sign(("role", "dispatcher"), ("exp", past)), Sign(("role", "dispatcher"), ("aud", "other")), Sign(("role", "guest")),
            TestToken.Sign(new byte[32], TestToken.Claims(("role", "dispatcher"))),
            TestToken.Create("none", null, TestToken.Claims(("role", "dispatcher")), _ => []),
        })
        {
            var answer = await gateway.CallAsync("GET", "/api/requests", token: token);
            Assert.Equal((401, "token_invalid"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task While_the_authority_is_away_it_is_503()
    {
        using var authority = new TestAuthority();
        authority.Stop();
        await using var another = await gateway.StartAnotherAsync(
            ("Tokens:JwksUrl", authority.JwksUrl), ("Tokens:Issuer", TestToken.Issuer),
            ("Tokens:Audience", TestToken.Audience), ("Tokens:MinRefreshInterval", "00:00:00.200"));
        using var key = System.Security.Cryptography.RSA.Create(2048);
        var token = TestToken.Sign(key, TestToken.Claims(("role", "analyst")), "1");

        var answer = await another.CallAsync("GET", "/api/requests", token: token);
        Assert.Equal((503, "token_unverifiable"), (answer.Status, answer.Code));

        authority.Keys = [TestToken.Jwk(key, "1")];
        authority.Start();
        await Eventually.TrueAsync(
            async () => (await another.CallAsync("GET", "/api/requests", token: token)).Status == 200, Token);
    }

    [Fact]
    public async Task A_hub_connection_ends_with_its_token()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var exp = TimeProvider.System.GetUtcNow().AddSeconds(3).ToUnixTimeSeconds();
        var closed = new TaskCompletionSource();
        await using var connection = await gateway.ConnectAsync(
            Sign(("role", "customer"), ("request_id", id.ToString()), ("exp", exp)));
        connection.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };
        await connection.InvokeAsync<object>("join:request", id.ToString(), null, Token);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), Token);

        Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), exp, exp + 4);
    }

    private static string Sign(params (string, JsonNode?)[] claims) =>
        TestToken.Sign(TokenGateway.Key, TestToken.Claims(claims));
}

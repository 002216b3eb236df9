using System.Diagnostics.Metrics;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>How many calls one caller may make.</summary>
public sealed class CallLimitTests(TokenGateway gateway) : IClassFixture<TokenGateway>
{
    private const string Period = "from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z&format=csv";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_kind_of_call_has_its_limit_and_one_too_many_is_told_when_to_come_back()
    {
        await using var strict = await StartAsync(("ReadsPerMinute", "4"), ("ChangesPerMinute", "3"), ("ExportsPerMinute", "2"));
        using var counts = new MetricCounts(strict.Services.GetRequiredService<IMeterFactory>());
        foreach (var (method, path, body, most) in new (string, string, string?, int)[]
        {
            ("GET", "/api/devices", null, 4), ("POST", "/api/requests", """{"pickup":{"lat":1,"lng":2}}""", 3),
            ("GET", $"/api/positions/export?{Period}", null, 2),
        })
        {
            for (var i = 0; i < most; i++)
            {
                Assert.InRange((await strict.CallAsync(method, path, body)).Status, 200, 201);
            }

            using var client = strict.CreateClient(strict.Dispatcher.ToString());
            using var message = new HttpRequestMessage(new HttpMethod(method), path);
            message.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var refused = await client.SendAsync(message, Token);
            Assert.Equal(429, (int)refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.Contains("\"too_many_calls\"", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        }

        Assert.Equal(3, counts.Of("artmqtt.gateway.calls.refused"));
    }

    [Fact]
    public async Task One_caller_does_not_use_up_what_another_has()
    {
        await using var strict = await StartAsync(("ReadsPerMinute", "2"));
        var (id, customer) = await strict.CreateRequestAsync();
        var (otherId, other) = await strict.CreateRequestAsync();
        var deviceId = await strict.CreateDeviceAsync();
        foreach (var (token, path) in new[]
        {
            (strict.Dispatcher.ToString(), "/api/requests"), (Sign("dispatcher", "ada"), "/api/requests"),
            (Sign("dispatcher", "bob"), "/api/requests"), (Sign("device", deviceId), $"/api/requests/{id}"),
            (customer, $"/api/requests/{id}"), (other, $"/api/requests/{otherId}"), ("", $"/api/requests/{id}"),
        })
        {
            var statuses = new List<int>();
            for (var i = 0; i < 3; i++)
            {
                statuses.Add((await strict.CallAsync("GET", path, token: token)).Status);
            }

            Assert.DoesNotContain(429, statuses[..2]);
            Assert.Equal(429, statuses[2]);
        }
    }

    [Fact]
    public async Task What_is_for_anybody_is_not_counted_and_zero_is_no_limit()
    {
        await using var strict = await StartAsync(("ReadsPerMinute", "1"), ("ChangesPerMinute", "0"));
        for (var i = 0; i < 5; i++)
        {
            using var client = strict.CreateClient(null);
            foreach (var path in new[] { "/api/map/config", "/openapi/v1.json", "/nothing" })
            {
                Assert.NotEqual(429, (await Gateway.SendAsync(client, "GET", path, null)).Status);
            }

            Assert.Equal(201, (await strict.CallAsync("POST", "/api/requests", """{"pickup":{"lat":1,"lng":2}}""")).Status);
        }
    }

    [Fact]
    public async Task A_hub_connection_has_its_own()
    {
        await using var strict = await gateway.StartAnotherAsync(("Gateway:Live:MaxInvocationsPerMinute", "3"));
        using var counts = new MetricCounts(strict.Services.GetRequiredService<IMeterFactory>());
        var (id, customer) = await strict.CreateRequestAsync();
        await using var eager = await strict.ConnectAsync(customer);
        await using var calm = await strict.ConnectAsync(customer);
        for (var i = 0; i < 3; i++)
        {
            await eager.InvokeAsync<object>("join:request", id.ToString(), null, Token);
        }

        var error = await Assert.ThrowsAsync<HubException>(
            () => eager.InvokeAsync<object>("join:request", id.ToString(), null, Token));

        Assert.Contains("too_many_calls: ", error.Message, StringComparison.Ordinal);
        await calm.InvokeAsync<object>("join:request", id.ToString(), null, Token);
        Assert.Equal(1, counts.Of("artmqtt.gateway.calls.refused"));
    }

    private static string Sign(string role, string subject) =>
        TestToken.Sign(TokenGateway.Key, TestToken.Claims(("role", role), ("sub", subject)));

    private Task<Gateway> StartAsync(params (string Key, string Value)[] limits) => gateway.StartAnotherAsync(
    [
        .. limits.Select(limit => ($"Gateway:RateLimits:{limit.Key}", limit.Value)),
        ("Tokens:SymmetricKey", Convert.ToBase64String(TokenGateway.Key)), ("Tokens:Issuer", TestToken.Issuer),
        ("Tokens:Audience", TestToken.Audience),
    ]);
}

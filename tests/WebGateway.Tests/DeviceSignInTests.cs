using System.Net.Http.Headers;
using System.Text;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A device signs in with its id and secret, as over MQTT.</summary>
public sealed class DeviceSignInTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task It_sees_its_jobs_and_moves_them_on_and_may_nothing_else()
    {
        var (id, deviceId, secret) = await CreateAssignedAsync();
        await gateway.CreateAssignedAsync();

        var list = await CallAsync(deviceId, secret, "GET", "/api/requests");
        Assert.Equal(id, Assert.Single(list.Json.GetProperty("items").EnumerateArray()).GetProperty("requestId").GetGuid());
        Assert.Equal(200, (await CallAsync(deviceId, secret, "POST", $"/api/requests/{id}/status", """{"status":"en_route"}""")).Status);
        Assert.Equal("dispatcher_only", (await CallAsync(deviceId, secret, "GET", "/api/devices")).Code);
        Assert.Equal("admin_only", (await CallAsync(deviceId, secret, "POST", "/api/tokens", """{"role":"analyst"}""")).Code);
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Text.Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_as_an_unknown_device_is()
    {
        var (_, deviceId, secret) = await CreateAssignedAsync();
        foreach (var (name, wrong) in new[] { (deviceId, secret[..^1]), ("nobody", secret), ("", ""), ("No/Device", secret) })
        {
            var refused = await CallAsync(name, wrong, "GET", "/api/requests");
            Assert.Equal((401, "token_invalid"), (refused.Status, refused.Code));
        }

        using var client = gateway.CreateClient(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "no base64!");
        Assert.Equal("token_invalid", (await Gateway.SendAsync(client, "GET", "/api/requests", null)).Code);
    }

    [Fact]
    public async Task A_replaced_secret_counts_while_it_overlaps_and_a_disabled_device_is_told_so()
    {
        var (_, deviceId, old) = await CreateAssignedAsync();
        var rotated = await gateway.CallAsync("POST", $"/api/devices/{deviceId}/secret", """{"overlapSeconds":3600}""");
        var secret = rotated.Json.GetProperty("secret").GetString()!;
        Assert.Equal(200, await StatusAsync(old, 200));
        Assert.Equal(200, await StatusAsync(secret, 200));

        await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}/secret/previous");
        Assert.Equal(401, await StatusAsync(old, 401));

        await gateway.CallAsync("POST", $"/api/devices/{deviceId}/disable");
        Assert.Equal(403, await StatusAsync(secret, 403));
        Assert.Equal("device_disabled", (await CallAsync(deviceId, secret, "GET", "/api/requests")).Code);
        Assert.Equal("token_invalid", (await CallAsync(deviceId, old, "GET", "/api/requests")).Code);

        // A change is known a moment after it is committed.
        async Task<int> StatusAsync(string shown, int expected)
        {
            var status = 0;
            await TestKit.Eventually.TrueAsync(
                async () => (status = (await CallAsync(deviceId, shown, "GET", "/api/requests")).Status) == expected,
                TestContext.Current.CancellationToken);
            return status;
        }
    }

    private async Task<(Guid Id, string DeviceId, string Secret)> CreateAssignedAsync()
    {
        var (id, _) = await gateway.CreateRequestAsync();
        var deviceId = $"truck-{Guid.NewGuid():N}";
        var made = await gateway.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{deviceId}}"}""");
        Assert.Equal(200, (await gateway.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{deviceId}}"}""")).Status);
        return (id, deviceId, made.Json.GetProperty("secret").GetString()!);
    }

    private async Task<Answer> CallAsync(string deviceId, string secret, string method, string path, string? body = null)
    {
        using var client = gateway.CreateClient(null);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{deviceId}:{secret}")));
        return await Gateway.SendAsync(client, method, path, body);
    }
}

using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who comes with a device sees the requests it is assigned to, and moves them on.</summary>
public sealed class OperatorTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    [Theory]
    [InlineData("operator")]
    [InlineData("device")]
    public async Task The_assigned_one_does_the_job_and_nothing_else(string role)
    {
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        var (other, _, _) = await gateway.CreateAssignedAsync();
        var own = RealtimeGateway.Sign(("role", role), ("device_id", deviceId), ("sub", "ada"));

        foreach (var status in new[] { "en_route", "arrived", "in_progress" })
        {
            var moved = await gateway.CallAsync("POST", Path(id), Body(status), own);
            Assert.Equal((200, status), (moved.Status, moved.Json.GetProperty("status").GetString()));
        }

        Assert.Equal("status_not_allowed", (await gateway.CallAsync("POST", Path(id), Body("en_route"), own)).Code);
        Assert.Equal("dispatcher_only", (await gateway.CallAsync("POST", Path(id), Body("cancelled"), own)).Code);
        Assert.Equal("request_not_found", (await gateway.CallAsync("POST", Path(other), Body("en_route"), own)).Code);
        foreach (var (method, path, body) in new[]
        {
            ("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{deviceId}}"}"""),
            ("PUT", $"/api/requests/{id}/note", """{"note":"x"}"""),
            ("POST", "/api/requests", """{"pickup":{"lat":1,"lng":2}}"""),
        })
        {
            Assert.Equal("dispatcher_only", (await gateway.CallAsync(method, path, body, own)).Code);
        }

        var joined = (await gateway.CallAsync("GET", $"/api/requests/{id}/events")).Json;
        Assert.Equal("operator", joined.GetProperty("snapshot").GetProperty("status").GetProperty("by").GetString());
        Assert.Equal(200, (await gateway.CallAsync("POST", Path(id), Body("completed"), own)).Status);
        Assert.Equal("status_not_allowed", (await gateway.CallAsync("POST", Path(id), Body("completed"), own)).Code);
    }

    [Fact]
    public async Task The_list_is_that_of_the_jobs_to_do()
    {
        var (first, _, deviceId) = await gateway.CreateAssignedAsync();
        var (second, _, _) = await gateway.CreateAssignedAsync();
        var own = RealtimeGateway.Sign(("role", "operator"), ("device_id", deviceId));

        Assert.Equal([first], await ListAsync(""));
        Assert.Equal([first], await ListAsync("?status=assigned&status=completed"));
        Assert.Empty(await ListAsync("?status=completed"));
        Assert.Empty(await ListAsync("?deviceId=another"));

        await gateway.CallAsync("POST", $"/api/requests/{second}/assign", $$"""{"deviceId":"{{deviceId}}"}""");
        Assert.Equal([second, first], await ListAsync(""));
        await gateway.CallAsync("POST", Path(first), Body("cancelled"));
        Assert.Equal([second], await ListAsync(""));

        // Somebody else's by now: neither shown nor changed.
        await gateway.CallAsync("POST", $"/api/requests/{second}/assign", $$"""{"deviceId":"{{await gateway.CreateDeviceAsync()}}"}""");
        Assert.Empty(await ListAsync(""));
        Assert.Equal("request_not_found", (await gateway.CallAsync("POST", Path(second), Body("en_route"), own)).Code);

        async Task<List<Guid>> ListAsync(string query) => [.. (await gateway.CallAsync("GET", $"/api/requests{query}", token: own))
            .Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("requestId").GetGuid())];
    }

    private static string Path(Guid id) => $"/api/requests/{id}/status";

    private static string Body(string status) => JsonSerializer.Serialize(new { status });
}

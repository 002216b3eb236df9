using System.Text.Json;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who is connected to the hub; MQTT clients are the broker's part of the same list.</summary>
public sealed class ClientTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Browsers_are_listed_to_their_own_firm_and_can_be_sent_away()
    {
        var subject = $"ada-{Guid.NewGuid():N}";
        var own = RealtimeGateway.Sign(("role", "dispatcher"), ("sub", subject), ("tenant", "acme"));
        var other = RealtimeGateway.Sign(("role", "dispatcher"), ("sub", "eve"), ("tenant", "other"));
        await using var browser = await gateway.ConnectAsync(own);
        var closed = new TaskCompletionSource();
        browser.Closed += _ =>
        {
            closed.SetResult();
            return Task.CompletedTask;
        };

        // The hub answers a little before it has noted who came.
        await Eventually.TrueAsync(async () => await FindAsync(own, subject) is not null, Token);
        var client = await FindAsync(own, subject);
        var id = client!.Value.GetProperty("id").GetString();

        Assert.Equal("dispatcher", client.Value.GetProperty("kind").GetString());
        Assert.Equal("acme", client.Value.GetProperty("tenant").GetString());
        Assert.Equal("127.0.0.1", client.Value.GetProperty("address").GetString());
        Assert.StartsWith("SignalR, websocket", client.Value.GetProperty("protocol").GetString(), StringComparison.Ordinal);
        Assert.Null(await FindAsync(other, subject));
        Assert.NotNull(await FindAsync(gateway.Admin.ToString(), subject));
        Assert.Equal("client_not_found", (await gateway.CallAsync("DELETE", $"/api/clients/{id}", token: other)).Code);
        Assert.Equal(204, (await gateway.CallAsync("DELETE", $"/api/clients/{id}", token: own)).Status);
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await Eventually.TrueAsync(() => !gateway.Services.GetServices<IConnectedClients>()
            .SelectMany(way => way.List(Contracts.Security.TenantScope.All)).Any(one => one.Subject == subject), Token);
        Assert.Equal("client_not_found", (await gateway.CallAsync("DELETE", $"/api/clients/{id}", token: own)).Code);
    }

    [Fact]
    public async Task A_node_without_a_broker_says_so()
    {
        var answer = await gateway.CallAsync("GET", "/api/clients?search=nobody-has-this");

        Assert.Equal("""["hub"]""", answer.Json.GetProperty("ways").GetRawText());
        Assert.Equal(0, answer.Json.GetProperty("total").GetInt32());
        Assert.Equal("invalid_request", (await gateway.CallAsync("GET", "/api/clients?limit=0")).Code);
    }

    private async Task<JsonElement?> FindAsync(string token, string subject)
    {
        var answer = await gateway.CallAsync("GET", $"/api/clients?search={subject}", token: token);
        Assert.Equal(200, answer.Status);
        var items = answer.Json.GetProperty("items").EnumerateArray().ToList();
        return items.Count == 0 ? null : items.Single();
    }
}

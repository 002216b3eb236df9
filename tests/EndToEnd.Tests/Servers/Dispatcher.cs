using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>What a dispatcher does over REST, with the token from the node's data folder.</summary>
internal sealed class Dispatcher : IDisposable
{
    private readonly HttpClient _client;

    public Dispatcher(NodeProcess node)
        : this(node.Address, node)
    {
    }

    /// <summary>Somewhere else than on the node whose token it has.</summary>
    public Dispatcher(Uri address, NodeProcess node)
    {
        _client = new HttpClient { BaseAddress = address };
        _client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", node.Secret("dispatcher-token"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A new device.</summary>
    public async Task<Credential> CreateDeviceAsync()
    {
        var deviceId = $"truck-{Guid.NewGuid():N}";
        var device = await PostAsync("/api/devices", new { deviceId });
        return new Credential(deviceId, device.GetProperty("secret").GetString()!);
    }

    /// <summary>Gives a device another secret; the old one ends at once.</summary>
    public async Task<Credential> RotateAsync(Credential device)
    {
        var made = await PostAsync($"/api/devices/{device.DeviceId}/secret", new { overlapSeconds = 0 });
        return device with { Secret = made.GetProperty("secret").GetString()! };
    }

    /// <summary>A new request whose device is on its way.</summary>
    public async Task<Job> CreateJobAsync(double latitude, double longitude)
    {
        var job = await AssignNewAsync(await CreateDeviceAsync(), latitude, longitude);
        await MoveOnAsync(job, "en_route");
        return job;
    }

    /// <summary>A new request that this device is assigned to.</summary>
    public async Task<Job> AssignNewAsync(
        Credential device, double latitude, double longitude, string? customerName = null, string? note = null)
    {
        var request = await PostAsync(
            "/api/requests", new { pickup = new { lat = latitude, lng = longitude }, customerName, note });
        var id = request.GetProperty("requestId").GetGuid();
        await PostAsync($"/api/requests/{id}/assign", new { deviceId = device.DeviceId });
        return new Job(
            id, request.GetProperty("trackingToken").GetString()!,
            new Uri(request.GetProperty("trackingUrl").GetString()!), device);
    }

    /// <summary>Shuts a device out, or lets it in again.</summary>
    public Task SetEnabledAsync(Credential device, bool isEnabled) =>
        PostAsync($"/api/devices/{device.DeviceId}/{(isEnabled ? "enable" : "disable")}", new { });

    /// <summary>A new request that nobody is assigned to.</summary>
    public Task CreateRequestAsync(double latitude, double longitude, string customerName) =>
        PostAsync("/api/requests", new { pickup = new { lat = latitude, lng = longitude }, customerName });

    /// <summary>Moves a request on.</summary>
    public Task MoveOnAsync(Job job, string status) => MoveOnAsync(job.RequestId, status);

    /// <summary>Moves a request on.</summary>
    public Task MoveOnAsync(Guid requestId, string status) => PostAsync($"/api/requests/{requestId}/status", new { status });

    /// <summary>What somebody gets who begins to watch a request now.</summary>
    public Task<JsonElement> EventsAsync(Job job) =>
        _client.GetFromJsonAsync<JsonElement>($"/api/requests/{job.RequestId}/events", Token);

    /// <summary>Hands out a link to a request.</summary>
    public async Task<SharedLink> ShareAsync(Job job, string role = "viewer")
    {
        var share = await PostAsync($"/api/requests/{job.RequestId}/shares", new { role });
        return new SharedLink(
            new Uri($"/api/requests/{job.RequestId}/shares/{share.GetProperty("shareId").GetString()}", UriKind.Relative),
            share.GetProperty("token").GetString()!, new Uri(share.GetProperty("url").GetString()!));
    }

    /// <summary>Takes a link back.</summary>
    public async Task RevokeAsync(SharedLink share)
    {
        using var answer = await _client.DeleteAsync(share.Resource, Token);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How often a link was opened.</summary>
    public async Task<int> OpensAsync(SharedLink share) =>
        (await _client.GetFromJsonAsync<JsonElement>($"{share.Resource}/opens", Token)).GetProperty("items").GetArrayLength();

    /// <summary>Sends these events there.</summary>
    public Task CreateWebhookAsync(Uri address, params string[] events) =>
        PostAsync("/api/webhooks", new { url = address, events });

    /// <summary>The stored route of a request, one point per position.</summary>
    public Task<IReadOnlyList<RoutePoint>> RouteAsync(Guid requestId) => RouteOfAsync($"/api/requests/{requestId}/route");

    /// <summary>The stored positions of a request's customer.</summary>
    public Task<IReadOnlyList<RoutePoint>> CustomerRouteAsync(Guid requestId) =>
        RouteOfAsync($"/api/requests/{requestId}/route", "&role=customer");

    /// <summary>The stored route of a device, whatever it served.</summary>
    public Task<IReadOnlyList<RoutePoint>> RouteAsync(string deviceId) => RouteOfAsync($"/api/devices/{deviceId}/route");

    public void Dispose() => _client.Dispose();

    private async Task<IReadOnlyList<RoutePoint>> RouteOfAsync(string path, string more = "")
    {
        var route = await _client.GetFromJsonAsync<JsonElement>($"{path}?format=points&limit=100000{more}", Token);
        Assert.False(route.GetProperty("truncated").GetBoolean());
        return [.. route.GetProperty("features").EnumerateArray().Select(RoutePoint.Read)];
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await _client.PostAsJsonAsync(path, body, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Node;

/// <summary>The few calls of the node's REST API that prepare a run, made as dispatcher.</summary>
internal sealed class NodeApi : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Talks to a node on loopback with the dispatcher's token from a file.</summary>
    public NodeApi(Uri url, string tokenFile)
    {
        _http = new HttpClient { BaseAddress = Loopback.Parse(url), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", File.ReadAllText(tokenFile).Trim());
    }

    /// <summary>Makes a device, or a new secret when it is there already.</summary>
    public async Task<DeviceLogin> ProvideDeviceAsync(string deviceId, CancellationToken cancellationToken)
    {
        using var created = await _http.PostAsJsonAsync("/api/devices", new { deviceId }, cancellationToken);
        if (created.StatusCode != HttpStatusCode.Conflict)
        {
            return await ReadLoginAsync(created, deviceId, cancellationToken);
        }

        using var renewed = await _http.PostAsync($"/api/devices/{deviceId}/secret", null, cancellationToken);
        return await ReadLoginAsync(renewed, deviceId, cancellationToken);
    }

    /// <summary>Makes a request, assigns the device to it and sends it on its way, so that its customer sees it.</summary>
    public async Task<TrackedRequest> StartRequestAsync(string deviceId, CancellationToken cancellationToken)
    {
        var pickup = new { pickup = new { lat = 59.33, lng = 18.06 } };
        using var created = await _http.PostAsJsonAsync("/api/requests", pickup, cancellationToken);
        var request = await ReadAsync<TrackedRequest>(created, cancellationToken);
        await PostAsync($"/api/requests/{request.RequestId}/assign", new { deviceId }, cancellationToken);
        await PostAsync($"/api/requests/{request.RequestId}/status", new { status = "en_route" }, cancellationToken);
        return request;
    }

    /// <summary>Ends a request, which frees its device.</summary>
    public Task EndRequestAsync(Guid requestId, CancellationToken cancellationToken) =>
        PostAsync($"/api/requests/{requestId}/status", new { status = "cancelled" }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async Task<DeviceLogin> ReadLoginAsync(
        HttpResponseMessage response, string deviceId, CancellationToken cancellationToken) =>
        new(deviceId, (await ReadAsync<SecretAnswer>(response, cancellationToken)).Secret);

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await ThrowIfFailedAsync(response, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(cancellationToken)
            ?? throw new InvalidDataException("The node answered with nothing.");
    }

    private static async Task ThrowIfFailedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException(
                $"{response.RequestMessage?.RequestUri?.AbsolutePath}: {(int)response.StatusCode} {problem}");
        }
    }

    private async Task PostAsync<T>(string path, T body, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        await ThrowIfFailedAsync(response, cancellationToken);
    }

    private sealed record SecretAnswer(string Secret);
}

/// <summary>A request with what its customer needs to watch it.</summary>
internal sealed record TrackedRequest(Guid RequestId, string TrackingToken);

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.DeviceAgent.Commands;
using ArtMqtt.DeviceAgent.Publishing;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.DeviceAgent.Demo;

/// <summary>
/// What a dispatcher does over HTTP, as far as the demo needs it. While the server cannot be reached it waits and
/// tries again.
/// </summary>
/// <param name="client">With the server's address and the dispatcher's token.</param>
/// <param name="time">For the waits.</param>
/// <param name="logger">Told about waits.</param>
internal sealed partial class DispatcherApi(HttpClient client, TimeProvider time, ILogger<DispatcherApi> logger)
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(10);

    /// <summary>Whether the device is known.</summary>
    public async Task<bool> HasDeviceAsync(string deviceId, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"api/devices/{deviceId}", null, cancellationToken);
        return answer.StatusCode != HttpStatusCode.NotFound && await SucceededAsync(answer, cancellationToken);
    }

    /// <summary>Creates a device, or gives an existing one a new secret.</summary>
    /// <returns>The secret.</returns>
    public async Task<string> ObtainSecretAsync(string deviceId, CancellationToken cancellationToken)
    {
        using var created = await SendAsync(
            HttpMethod.Post, "api/devices", new JsonObject { ["deviceId"] = deviceId, ["name"] = "Demo" }, cancellationToken);
        if (created.StatusCode != HttpStatusCode.Conflict)
        {
            return await SecretAsync(created, cancellationToken);
        }

        using var renewed = await SendAsync(
            HttpMethod.Post, $"api/devices/{deviceId}/secret", null, cancellationToken);
        return await SecretAsync(renewed, cancellationToken);
    }

    /// <summary>Creates a request with its customer's link.</summary>
    public async Task<DemoRequest> CreateRequestAsync(
        double latitude, double longitude, string customer, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(
            HttpMethod.Post, "api/requests",
            new JsonObject
            {
                ["pickup"] = new JsonObject { ["lat"] = latitude, ["lng"] = longitude },
                ["customerName"] = customer,
            },
            cancellationToken);
        await SucceededAsync(answer, cancellationToken);
        return await answer.Content.ReadFromJsonAsync(AgentJson.Default.DemoRequest, cancellationToken)
            ?? throw new UsageException("The server answered a new request with nothing.");
    }

    /// <summary>Assigns a device; false when the request does not allow it any more.</summary>
    public Task<bool> AssignAsync(Guid requestId, string deviceId, CancellationToken cancellationToken) =>
        ChangeAsync($"api/requests/{requestId}/assign", new JsonObject { ["deviceId"] = deviceId }, cancellationToken);

    /// <summary>Changes the status; false when the request does not allow it any more.</summary>
    public Task<bool> SetStatusAsync(Guid requestId, RequestStatus status, CancellationToken cancellationToken) =>
        ChangeAsync($"api/requests/{requestId}/status", new JsonObject { ["status"] = status.ToWire() }, cancellationToken);

    private static async Task<string> SecretAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await SucceededAsync(answer, cancellationToken);
        var device = await answer.Content.ReadFromJsonAsync(AgentJson.Default.DeviceCredential, cancellationToken);
        return device?.Secret ?? throw new UsageException("The server answered a new device without a secret.");
    }

    private static async Task<bool> SucceededAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.IsSuccessStatusCode)
        {
            return true;
        }

        var request = answer.RequestMessage!;
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        throw new UsageException(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            ? $"{request.RequestUri} does not accept the dispatcher's token."
            : $"{request.Method} {request.RequestUri}: {(int)answer.StatusCode} {text[..Math.Min(text.Length, 300)]}");
    }

    private static bool IsTransient(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    private async Task<bool> ChangeAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body, cancellationToken);
        return answer.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.NotFound)
            && await SucceededAsync(answer, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var delay = new RetryDelay(_firstDelay, _longestDelay, Random.Shared);
        while (true)
        {
            string reason;
            try
            {
                using var request = new HttpRequestMessage(method, path);
                request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                var answer = await client.SendAsync(request, cancellationToken);
                if (!IsTransient(answer.StatusCode))
                {
                    return answer;
                }

                reason = answer.StatusCode.ToString();
                answer.Dispose();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                reason = e.Message;
            }

            LogWaiting(method.Method, path, reason);
            await Task.Delay(delay.Next(), time, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Method} {Path}: {Reason}; will try again")]
    private partial void LogWaiting(string method, string path, string reason);
}

/// <summary>A request of the demo.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="TrackingUrl">Its customer's link, token included.</param>
internal sealed record DemoRequest(Guid RequestId, string TrackingUrl);

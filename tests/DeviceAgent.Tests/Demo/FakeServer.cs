using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ArtMqtt.DeviceAgent.Tests.Demo;

/// <summary>The part of the HTTP API that the demo uses, in memory.</summary>
internal sealed class FakeServer : HttpMessageHandler
{
    private int _failures;

    /// <summary>Devices and their newest secret.</summary>
    public ConcurrentDictionary<string, string> Devices { get; } = new();

    /// <summary>Statuses of each request in order; <c>assigned:device</c> for an assignment.</summary>
    public ConcurrentDictionary<Guid, ConcurrentQueue<string>> Requests { get; } = new();

    /// <summary>The next so many calls are answered with 503.</summary>
    public void Fail(int calls) => Volatile.Write(ref _failures, calls);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _failures) >= 0)
        {
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        }

        if (request.Headers.Authorization?.Parameter != "d.token")
        {
            return new HttpResponseMessage(HttpStatusCode.Unauthorized) { RequestMessage = request };
        }

        var body = request.Content is null
            ? default
            : JsonDocument.Parse(await request.Content.ReadAsStringAsync(cancellationToken)).RootElement;
        var parts = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        var answer = (request.Method.Method, parts) switch
        {
            ("POST", ["api", "devices"]) => CreateDevice(body.GetProperty("deviceId").GetString()!),
            ("GET", ["api", "devices", var id]) => Devices.ContainsKey(id) ? Ok(new { }) : new(HttpStatusCode.NotFound),
            ("POST", ["api", "devices", var id, "secret"]) => Ok(new { deviceId = id, secret = NewSecret(id) }),
            ("POST", ["api", "requests"]) => CreateRequest(),
            ("POST", ["api", "requests", var id, "assign"]) =>
                Add(id, $"assigned:{body.GetProperty("deviceId").GetString()}"),
            ("POST", ["api", "requests", var id, "status"]) => Add(id, body.GetProperty("status").GetString()!),
            _ => new HttpResponseMessage(HttpStatusCode.BadRequest),
        };
        answer.RequestMessage = request;
        return answer;
    }

    private static HttpResponseMessage Ok(object body) => new() { Content = JsonContent.Create(body) };

    private HttpResponseMessage CreateDevice(string deviceId) => Devices.ContainsKey(deviceId)
        ? new HttpResponseMessage(HttpStatusCode.Conflict)
        : Ok(new { deviceId, secret = NewSecret(deviceId) });

    private string NewSecret(string deviceId) => Devices[deviceId] = Guid.NewGuid().ToString("N");

    private HttpResponseMessage CreateRequest()
    {
        var id = Guid.NewGuid();
        Requests[id] = new ConcurrentQueue<string>();
        return Ok(new { requestId = id, trackingUrl = $"http://test/track/{id}#c.token" });
    }

    private HttpResponseMessage Add(string id, string status)
    {
        if (!Requests.TryGetValue(Guid.Parse(id), out var statuses))
        {
            return new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        statuses.Enqueue(status);
        return Ok(new { });
    }
}

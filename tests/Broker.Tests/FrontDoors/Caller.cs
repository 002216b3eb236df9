using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ArtMqtt.Broker.Tests.Support;

namespace ArtMqtt.Broker.Tests.FrontDoors;

/// <summary>Calls the front doors of a node as an app does.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _client;

    public Caller(BrokerNode node) =>
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{node.HttpPort}") };

    /// <summary>What an app of the device <c>truck-1</c> shows.</summary>
    public static AuthenticationHeaderValue Truck { get; } = Basic("truck-1", "secret-truck-1");

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    /// <summary>Posts a body.</summary>
    public Task<Answer> PostAsync(
        string path, string body, AuthenticationHeaderValue? who = null, string? contentType = "application/json",
        params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return SendAsync(HttpMethod.Post, path, content, who, headers);
    }

    /// <summary>Posts bytes.</summary>
    public Task<Answer> PostAsync(string path, HttpContent content, AuthenticationHeaderValue? who = null) =>
        SendAsync(HttpMethod.Post, path, content, who, []);

    /// <summary>Gets an address.</summary>
    public Task<Answer> GetAsync(string path, AuthenticationHeaderValue? who = null) =>
        SendAsync(HttpMethod.Get, path, null, who, []);

    public void Dispose() => _client.Dispose();

    private async Task<Answer> SendAsync(
        HttpMethod method, string path, HttpContent? content, AuthenticationHeaderValue? who,
        (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(method, path) { Content = content };
        message.Headers.Authorization = who;
        foreach (var (name, value) in headers)
        {
            message.Headers.Add(name, value);
        }

        using var answer = await _client.SendAsync(message, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.Headers.CacheControl?.NoStore ?? (int)answer.StatusCode is 404 or 405);
        return new Answer(answer.StatusCode, text, answer.Content.Headers.ContentType?.MediaType, answer.Headers);
    }
}

/// <summary>An answer.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, string? ContentType, HttpResponseHeaders Headers)
{
    /// <summary>The stable code of a problem; also checks that it is one as RFC 9457 wants it.</summary>
    public string Code
    {
        get
        {
            Assert.Equal("application/problem+json", ContentType);
            var problem = JsonDocument.Parse(Body).RootElement;
            Assert.Equal((int)Status, problem.GetProperty("status").GetInt32());
            foreach (var member in (string[])["title", "detail", "traceId"])
            {
                Assert.NotEmpty(problem.GetProperty(member).GetString()!);
            }

            return problem.GetProperty("code").GetString()!;
        }
    }
}

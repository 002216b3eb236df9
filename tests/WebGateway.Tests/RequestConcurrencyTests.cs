using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Two dispatchers at once, calls that are sent again, and lists of some requests.</summary>
public sealed class RequestConcurrencyTests(Gateway gateway) : IClassFixture<Gateway>
{
    private const string Body = """{"pickup":{"lat":48.1,"lng":11.5},"customerName":"Ada"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_a_version_that_is_gone_is_refused()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        using var shown = await SendAsync(HttpMethod.Get, $"/api/requests/{id}");
        var tag = shown.Headers.ETag!;

        using var first = await SendAsync(HttpMethod.Post, $"/api/requests/{id}/status", """{"status":"en_route"}""", ("If-Match", tag.Tag));
        using var second = await SendAsync(HttpMethod.Post, $"/api/requests/{id}/status", """{"status":"arrived"}""", ("If-Match", tag.Tag));
        using var third = await SendAsync(
            HttpMethod.Put, $"/api/requests/{id}/note", """{"note":"Second yard"}""", ("If-Match", second.Headers.ETag!.Tag));

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEqual(tag, first.Headers.ETag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.StatusCode);
        var problem = JsonDocument.Parse(await second.Content.ReadAsStringAsync(Token)).RootElement;
        Assert.Equal("version_mismatch", problem.GetProperty("code").GetString());
        Assert.Equal(first.Headers.ETag!.Tag, $"\"{problem.GetProperty("currentVersion")}\"");
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        var now = await gateway.CallAsync("GET", $"/api/requests/{id}");
        Assert.Equal(("en_route", "Second yard"), (now.Json.GetProperty("status").GetString(), now.Json.GetProperty("note").GetString()));
        using var wrong = await SendAsync(HttpMethod.Post, $"/api/requests/{id}/status", """{"status":"arrived"}""", ("If-Match", "7"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Of_many_who_change_the_same_version_one_does()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        using var shown = await SendAsync(HttpMethod.Get, $"/api/requests/{id}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => SendAsync(
            HttpMethod.Put, $"/api/requests/{id}/note", $$"""{"note":"{{i}}"}""", ("If-Match", shown.Headers.ETag!.Tag))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task A_request_that_did_not_change_is_304()
    {
        var (id, _) = await gateway.CreateRequestAsync();
        using var shown = await SendAsync(HttpMethod.Get, $"/api/requests/{id}");
        using var again = await SendAsync(HttpMethod.Get, $"/api/requests/{id}", null, ("If-None-Match", shown.Headers.ETag!.Tag));
        await gateway.SetStatusAsync(id, "cancelled");
        using var changed = await SendAsync(HttpMethod.Get, $"/api/requests/{id}", null, ("If-None-Match", shown.Headers.ETag!.Tag));

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (again.StatusCode, changed.StatusCode));
    }

    [Fact]
    public async Task The_same_call_sent_again_makes_one_request_and_shows_the_same_token()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(key, Body)));
        await using var other = await gateway.StartAnotherAsync();
        var elsewhere = await CreateAsync(key, Body, other);

        Assert.All([.. answers, elsewhere], answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        var made = Assert.Single(answers, answer => !answer.IsReplayed);
        Assert.True(elsewhere.IsReplayed);
        Assert.All([.. answers, elsewhere], answer => Assert.Equal((made.Id, made.Token), (answer.Id, answer.Token)));
        Assert.Equal(200, (await gateway.CallAsync("GET", $"/api/requests/{made.Id}", token: made.Token)).Status);

        await gateway.SetStatusAsync(made.Id, "cancelled");
        Assert.Equal(made.Id, (await CreateAsync(key, Body)).Id);
        Assert.NotEqual(made.Id, (await CreateAsync(Guid.NewGuid().ToString(), Body)).Id);
    }

    [Fact]
    public async Task A_key_does_not_make_a_second_request_from_another_body()
    {
        var key = Guid.NewGuid().ToString();
        await CreateAsync(key, Body);

        using var other = await SendAsync(
            HttpMethod.Post, "/api/requests", """{"pickup":{"lat":48.2,"lng":11.5}}""", ("Idempotency-Key", key));
        using var tooLong = await SendAsync(HttpMethod.Post, "/api/requests", Body, ("Idempotency-Key", new string('x', 201)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Contains("idempotency_key_reused", await other.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }

    [Fact]
    public async Task Lists_by_status_device_and_time()
    {
        var (pending, _) = await gateway.CreateRequestAsync();
        var (assigned, _, device) = await gateway.CreateAssignedAsync();
        var (over, _, _) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(over, "cancelled");
        var created = (await gateway.CallAsync("GET", $"/api/requests/{assigned}")).Json.GetProperty("createdAt").GetString()!;

        Assert.Equal([assigned], await ListAsync($"deviceId={device}"));
        Assert.Contains(pending, await ListAsync("status=pending"));
        Assert.DoesNotContain(assigned, await ListAsync("status=pending"));
        var open = await ListAsync("status=pending&status=assigned");
        Assert.Contains(pending, open);
        Assert.Contains(assigned, open);
        Assert.DoesNotContain(over, open);
        Assert.DoesNotContain(assigned, await ListAsync($"to={Uri.EscapeDataString(created)}"));
        Assert.Contains(assigned, await ListAsync($"from={Uri.EscapeDataString(created)}"));
        Assert.Equal("invalid_request", (await gateway.CallAsync("GET", "/api/requests?status=done")).Code);
        Assert.Equal("invalid_request", (await gateway.CallAsync("GET", "/api/requests?deviceId=No")).Code);
    }

    private async Task<List<Guid>> ListAsync(string query) =>
        [.. (await gateway.CallAsync("GET", $"/api/requests?limit=1000&{query}")).Json.GetProperty("items")
            .EnumerateArray().Select(item => item.GetProperty("requestId").GetGuid())];

    private async Task<(HttpStatusCode Status, Guid Id, string Token, bool IsReplayed)> CreateAsync(
        string key, string body, Gateway? at = null)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/requests", body, ("Idempotency-Key", key), at);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement;
        return (
            answer.StatusCode, json.GetProperty("requestId").GetGuid(), json.GetProperty("trackingToken").GetString()!,
            answer.Headers.Contains("Idempotent-Replayed"));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body = null, (string Name, string Value)? header = null, Gateway? at = null)
    {
        using var client = (at ?? gateway).CreateClient(gateway.Dispatcher.ToString());
        using var request = new HttpRequestMessage(method, path);
        if (header is { } extra)
        {
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        return await client.SendAsync(request, Token);
    }
}

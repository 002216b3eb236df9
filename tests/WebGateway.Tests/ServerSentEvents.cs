using System.Net.ServerSentEvents;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A client of server-sent events with the token in the address, as a browser's EventSource.</summary>
internal sealed class ServerSentEvents : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly Stream _body;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private ServerSentEvents(HttpClient client, Stream body)
    {
        (_client, _body) = (client, body);
        _items = SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
    }

    public static async Task<ServerSentEvents> OpenAsync(Gateway gateway, Guid id, string token, string? last = null)
    {
        var client = new HttpClient { BaseAddress = gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/requests/{id}/stream?access_token={token}");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }

        var answer = await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new ServerSentEvents(client, await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public async Task<SseItem<string>> NextAsync() => await _items.MoveNextAsync()
        ? _items.Current
        : throw new EndOfStreamException("The server ended the stream.");

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _client.Dispose();
    }
}

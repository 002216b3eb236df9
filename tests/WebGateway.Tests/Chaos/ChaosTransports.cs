using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using ArtMqtt.WebGateway.Live.Wire;
using MessagePack;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>The ways to watch a request, each into the same book, until the network or the token ends it.</summary>
internal sealed class ChaosTransports(Uri address, Guid requestId, string token, ChaosBook book) : IDisposable
{
    private const int WaitSeconds = 5;
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly string[] _events =
        ["operator:location", "customer:location", "request:status:updated", "operator:presence"];

    private static readonly MessagePackSerializerOptions _packed = MessagePackSerializerOptions.Standard
        .WithResolver(new JsonFormatterResolver(Options.Create(new JsonHubProtocolOptions())));

    private readonly HttpClient _http = new() { BaseAddress = address };

    public async Task HubAsync(string name, HttpTransportType transports, bool skipsNegotiation, bool packs, CancellationToken end)
    {
        var received = Channel.CreateUnbounded<JsonElement>();
        var builder = new HubConnectionBuilder()
            .WithUrl(new Uri(address, "/hubs/tracking"), transports, options =>
            {
                options.AccessTokenProvider = () => Task.FromResult<string?>(token);
                options.SkipNegotiation = skipsNegotiation;
            });
        if (packs)
        {
            builder.AddMessagePackProtocol(options => options.SerializerOptions = _packed);
        }

        await using var connection = builder.Build();
        foreach (var e in _events)
        {
            connection.On<JsonElement>(e, data => received.Writer.TryWrite(data));
        }

        connection.Closed += _ =>
        {
            received.Writer.TryComplete();
            return Task.CompletedTask;
        };
        await connection.StartAsync(end);
        book.TakeReply(
            await connection.InvokeAsync<JsonElement>("join:request", requestId.ToString(), book.Position, end), name);
        await foreach (var data in received.Reader.ReadAllAsync(end))
        {
            book.Take(data, name);
        }
    }

    public async Task StreamAsync(string name, CancellationToken end)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/requests/{requestId}/stream?access_token={token}");
        request.Headers.Add("Last-Event-ID", book.Position);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(end);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(end))
        {
            if (item.EventType != "keepalive")
            {
                Assert.Contains(item.EventType, _events);
                book.Take(JsonDocument.Parse(item.Data).RootElement, name);
                Assert.Equal(book.Position, item.EventId);
            }
        }
    }

    public async Task PollAsync(string name, bool waits, CancellationToken end)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"/api/requests/{requestId}/events?since={book.Position}{(waits ? $"&wait={WaitSeconds}" : "")}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{book.Position}\""));
            using var answer = await _http.SendAsync(request, end);
            if (answer.StatusCode != HttpStatusCode.NotModified)
            {
                answer.EnsureSuccessStatusCode();
                book.TakeReply(JsonDocument.Parse(await answer.Content.ReadAsStringAsync(end)).RootElement, name);
            }

            if (!waits)
            {
                await Task.Delay(_pollInterval, TimeProvider.System, end);
            }
        }
    }

    public void Dispose() => _http.Dispose();
}

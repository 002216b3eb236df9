using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>The protocol by hand, in one of its versions.</summary>
internal sealed class RealtimeSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly string _version;
    private int _ref;

    private RealtimeSocket(string version) => _version = version;

    /// <summary>All that came, in order.</summary>
    public List<WireMessage> Came { get; } = [];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RealtimeSocket> ConnectAsync(Gateway gateway, string? apiKey, string version = "2.0.0")
    {
        var socket = new RealtimeSocket(version);
        var uri = new UriBuilder(new Uri(gateway.Address, "/realtime/v1/websocket"))
        {
            Scheme = "ws",
            Query = $"vsn={version}" + (apiKey is null ? "" : $"&apikey={apiKey}"),
        }.Uri;
        await socket._socket.ConnectAsync(uri, Token);
        return socket;
    }

    /// <summary>Sends an event; its number comes back.</summary>
    public async Task<string> SendAsync(string topic, string name, string payload, string? joinRef = null)
    {
        var number = (++_ref).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var quotedJoinRef = joinRef is null ? "null" : $"\"{joinRef}\"";
        await SendTextAsync(_version == "2.0.0"
            ? $"""[{quotedJoinRef},"{number}","{topic}","{name}",{payload}]"""
            : $$"""{"topic":"{{topic}}","event":"{{name}}","payload":{{payload}},"ref":"{{number}}","join_ref":{{quotedJoinRef}}}""");
        return number;
    }

    public Task SendTextAsync(string text) => SendAsync(WebSocketMessageType.Text, Encoding.UTF8.GetBytes(text));

    public Task SendAsync(WebSocketMessageType type, byte[] bytes) =>
        _socket.SendAsync(bytes, type, endOfMessage: true, Token).WaitAsync(Token);

    /// <summary>Sends an event and reads to its reply; what comes before is in <see cref="Came"/>.</summary>
    public async Task<JsonElement> CallAsync(string topic, string name, string payload, string? joinRef = null)
    {
        var number = await SendAsync(topic, name, payload, joinRef);
        return (await ReadUntilAsync(m => m.Event == "phx_reply" && m.Ref == number)).Payload;
    }

    /// <summary>Joins with entries of <c>postgres_changes</c>, as JSON.</summary>
    public Task<JsonElement> JoinAsync(string topic, string changes = "", string? token = null, string more = "") => CallAsync(
        topic, "phx_join",
        $$"""{"config":{"postgres_changes":[{{changes}}]{{more}}}{{(token is null ? "" : $",\"access_token\":\"{token}\"")}}}""", "1");

    public async Task<WireMessage> ReadUntilAsync(string name) => await ReadUntilAsync(message => message.Event == name);

    public async Task<WireMessage> ReadUntilAsync(Func<WireMessage, bool> predicate)
    {
        while (true)
        {
            var message = await ReadAsync() ?? throw new InvalidOperationException(
                $"The server closed: {_socket.CloseStatus} {_socket.CloseStatusDescription}");
            Came.Add(message);
            if (predicate(message))
            {
                return message;
            }
        }
    }

    /// <summary>The next message; null at the end.</summary>
    public async Task<WireMessage?> ReadAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(buffer.AsMemory(), Token);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        if (received.MessageType == WebSocketMessageType.Close)
        {
            return null;
        }

        var bytes = message.ToArray();
        if (received.MessageType == WebSocketMessageType.Binary)
        {
            return new WireMessage(null, null, "", "binary", default, bytes);
        }

        var json = JsonDocument.Parse(bytes).RootElement;
        return _version == "2.0.0"
            ? new WireMessage(json[0].GetString(), json[1].GetString(), json[2].GetString()!, json[3].GetString()!, json[4], null)
            : new WireMessage(
                json.TryGetProperty("join_ref", out var joinRef) ? joinRef.GetString() : null, json.GetProperty("ref").GetString(),
                json.GetProperty("topic").GetString()!, json.GetProperty("event").GetString()!, json.GetProperty("payload"), null);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A message of the server.</summary>
internal sealed record WireMessage(
    string? JoinRef, string? Ref, string Topic, string Event, JsonElement Payload, byte[]? Bytes);

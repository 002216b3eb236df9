using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>The JSON hub protocol by hand: shows the order on the wire, and can stop reading.</summary>
internal sealed class RawHubClient : IAsyncDisposable
{
    private const char Separator = '\u001e';
    private static readonly string _ping = """{"type":6}""" + Separator;
    private readonly ClientWebSocket _socket = new();
    private readonly SocketsHttpHandler _handler = new() { ConnectCallback = ConnectSmallAsync };
    private readonly Queue<JsonElement> _messages = new();
    private readonly StringBuilder _partial = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>WebSocket messages that came so far, without pings.</summary>
    public int Frames { get; private set; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawHubClient> ConnectAsync(Uri address, string token)
    {
        var client = new RawHubClient();
        var uri = new UriBuilder(new Uri(address, "/hubs/tracking")) { Scheme = "ws", Query = $"access_token={token}" }.Uri;
        using var invoker = new HttpMessageInvoker(client._handler, disposeHandler: false);
        await client._socket.ConnectAsync(uri, invoker, Token);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client.ReadUntilAsync(message => !message.TryGetProperty("type", out _));
        return client;
    }

    public Task InvokeAsync(string invocationId, string target, params string[] arguments) => SendAsync(
        $$"""{"type":1,"invocationId":"{{invocationId}}","target":"{{target}}","arguments":[{{string.Join(',', arguments)}}]}""");

    /// <summary>Reads to a message; pings are left out of those before it.</summary>
    public async Task<(JsonElement Match, List<JsonElement> Before)> ReadUntilAsync(Func<JsonElement, bool> predicate)
    {
        var before = new List<JsonElement>();
        while (true)
        {
            var message = await ReadAsync();
            if (predicate(message))
            {
                return (message, before);
            }

            if (message.GetProperty("type").GetInt32() != 6)
            {
                before.Add(message);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        _handler.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async ValueTask<Stream> ConnectSmallAsync(SocketsHttpConnectionContext context, CancellationToken token)
    {
        // Small, so that one who does not read soon holds up the sender.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(context.DnsEndPoint, token);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task SendAsync(string json) => await _socket.SendAsync(
        Encoding.UTF8.GetBytes(json + Separator), WebSocketMessageType.Text, endOfMessage: true, Token);

    private async Task<JsonElement> ReadAsync()
    {
        while (_messages.Count == 0)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(), Token);
            Assert.NotEqual(WebSocketMessageType.Close, read.MessageType);
            var text = Encoding.UTF8.GetString(_buffer, 0, read.Count);
            Frames += read.EndOfMessage && text != _ping ? 1 : 0;
            _partial.Append(text);
            var parts = _partial.ToString().Split(Separator);
            _partial.Clear().Append(parts[^1]);
            foreach (var part in parts[..^1])
            {
                _messages.Enqueue(JsonDocument.Parse(part).RootElement);
            }
        }

        return _messages.Dequeue();
    }
}

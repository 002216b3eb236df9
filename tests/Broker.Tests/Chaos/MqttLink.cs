using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.TestKit.Chaos;

namespace ArtMqtt.Broker.Tests.Chaos;

/// <summary>One connection to a broker behind two bad networks, TCP or WebSocket, that speaks MQTT 3.1.1 packet by packet.</summary>
internal sealed class MqttLink(Stream stream) : IDisposable
{
    private readonly byte[] _one = new byte[1];

    /// <summary>Opens a connection, over one of the two by chance.</summary>
    public static async Task<MqttLink> OpenAsync(ChaosProxy tcp, ChaosProxy web, Random random, CancellationToken end) =>
        new(random.Next(2) == 0 ? await TcpAsync(tcp, end) : await WebSocketAsync(web, end));

    /// <summary>Sends CONNECT that wants its old session; returns the answer.</summary>
    public async Task<ServerPacket> ConnectAsync(string clientId, string? user, string? password, CancellationToken end)
    {
        await SendAsync(
            new ConnectFields { ClientId = clientId, User = user, Password = password, IsClean = false, KeepAliveSeconds = 0 }
                .Encode(Level.V311),
            end);
        var answer = await ReadAsync(end);
        Assert.Equal((PacketType.ConnAck, Reason.Success), (answer.Type, answer.Code));
        return answer;
    }

    public async Task SendAsync(byte[] packet, CancellationToken end)
    {
        await stream.WriteAsync(packet, end);
        await stream.FlushAsync(end);
    }

    /// <summary>The next packet.</summary>
    public async Task<ServerPacket> ReadAsync(CancellationToken end)
    {
        var header = await ByteAsync(end);
        var (length, shift, digit) = (0, 0, 0x80);
        while ((digit & 0x80) != 0)
        {
            digit = await ByteAsync(end);
            length |= (digit & 0x7F) << shift;
            shift += 7;
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, end);
        return new ServerPacket(Level.V311, header, body);
    }

    /// <summary>Ends it without DISCONNECT.</summary>
    public void Dispose() => stream.Dispose();

    private static async Task<Stream> TcpAsync(ChaosProxy proxy, CancellationToken end)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Port, end);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static async Task<Stream> WebSocketAsync(ChaosProxy proxy, CancellationToken end)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{proxy.Port}/mqtt"), end);
        return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
    }

    private async Task<byte> ByteAsync(CancellationToken end)
    {
        await stream.ReadExactlyAsync(_one, end);
        return _one[0];
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>A socket that sends exactly the bytes it is told to.</summary>
internal sealed class RawMqtt : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <summary>Opens a connection, without CONNECT.</summary>
    public static async Task<RawMqtt> OpenAsync(int port, int? receiveBufferBytes = null)
    {
        var raw = new RawMqtt();
        raw._socket.ReceiveBufferSize = receiveBufferBytes ?? raw._socket.ReceiveBufferSize;
        await raw._socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return raw;
    }

    /// <summary>Connects a device with MQTT 3.1.1, keep-alive off.</summary>
    public static async Task<RawMqtt> ConnectDeviceAsync(BrokerNode node, string deviceId)
    {
        var raw = await OpenAsync(node.Port);
        await raw.SendAsync(Connect(deviceId, deviceId, $"secret-{deviceId}"));
        Assert.Equal([0x20, 0x02, 0x00, 0x00], await raw.ReadAsync(4));
        return raw;
    }

    public static byte[] Connect(
        string clientId, string user, string password, ushort keepAlive = 0, bool isClean = true, byte version = 4)
    {
        var flags = (byte)(0xC0 | (isClean ? 2 : 0));
        byte[] properties = version == 5 ? [0] : [];
        return Packet(0x10, [.. Text("MQTT"), version, flags, .. Number(keepAlive), .. properties,
            .. Text(clientId), .. Text(user), .. Text(password)]);
    }

    public static byte[] Publish(string topic, string payload, int quality, ushort packetId) =>
        Packet((byte)(0x30 | (quality << 1)),
            [.. Text(topic), .. quality == 0 ? [] : Number(packetId), .. Encoding.UTF8.GetBytes(payload)]);

    public static byte[] Packet(byte header, byte[] body)
    {
        var packet = new List<byte> { header };
        var length = body.Length;
        do
        {
            packet.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        return [.. packet, .. body];
    }

    public async Task SendAsync(byte[] bytes) =>
        await _socket.SendAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Sends FIN; the other direction stays open.</summary>
    public void FinishSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The broker was faster.
        }
    }

    /// <summary>Exactly this many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        using var limit = Limit();
        for (var read = 0; read < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            Assert.True(more > 0, $"The connection ended after {read} of {count} bytes.");
            read += more;
        }

        return bytes;
    }

    /// <summary>All bytes until the server ends the connection.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new List<byte>();
        var buffer = new byte[4096];
        using var limit = Limit();
        try
        {
            while (await _socket.ReceiveAsync(buffer, limit.Token) is var read and > 0)
            {
                all.AddRange(buffer.AsSpan(0, read));
                if (buffer[0] is 0xE0 or 0x20)
                {
                    // DISCONNECT or a CONNACK that refuses: clients close then, and the broker need not wait for it.
                    FinishSending();
                }
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server had unread bytes of ours when it closed.
        }

        return [.. all];
    }

    public void Dispose() => _socket.Dispose();

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(_limit);
        return limit;
    }

    private static byte[] Text(string text) =>
        [.. Number((ushort)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Number(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }
}

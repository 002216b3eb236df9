using System.Net;

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>
/// A client that shows every packet. It answers nothing by itself: <see cref="ReceiveAsync"/> acknowledges,
/// <see cref="ReadAsync(PacketType)"/> does not.
/// </summary>
internal sealed class WireClient : IDisposable
{
    private readonly WireConnection _connection;
    private readonly Queue<ServerPacket> _setAside = new();
    private ushort _lastPacketId;

    private WireClient(WireConnection connection, Level level) => (_connection, Level) = (connection, level);

    public Level Level { get; }

    /// <summary>The answer to CONNECT.</summary>
    public ServerPacket ConnAck { get; private set; } = null!;

    public string ClientId { get; private set; } = "";

    /// <summary>Opens a connection without CONNECT.</summary>
    public static async Task<WireClient> OpenAsync(IPEndPoint server, Level level, int? receiveBufferBytes = null) =>
        new(await WireConnection.OpenAsync(server, receiveBufferBytes), level);

    /// <summary>Sends CONNECT and reads CONNACK, whatever it says.</summary>
    public async Task<ServerPacket> ConnectAsync(ConnectFields? fields = null)
    {
        fields ??= new ConnectFields();
        ClientId = fields.ClientId;
        await SendAsync(fields.Encode(Level));
        return ConnAck = await ReadAsync(PacketType.ConnAck);
    }

    public Task SendAsync(params byte[] bytes) => _connection.SendAsync(bytes);

    public Task SendAsync(PublishFields publish) => SendAsync(Packets.Publish(Level, publish));

    /// <summary>The next packet; the end of the connection fails the test.</summary>
    public async Task<ServerPacket> ReadAsync() => _setAside.TryDequeue(out var packet) ? packet : await ReadNewAsync();

    /// <summary>The next packet, which has to be of this type.</summary>
    public async Task<ServerPacket> ReadAsync(PacketType type)
    {
        var packet = await ReadAsync();
        Assert.True(packet.Type == type, $"Expected {type}, got {packet}.");
        return packet;
    }

    /// <summary>The next packet of this type; what comes before it is read later.</summary>
    public async Task<ServerPacket> FindAsync(PacketType type)
    {
        for (var aside = _setAside.Count; aside > 0; aside--)
        {
            var packet = _setAside.Dequeue();
            if (packet.Type == type)
            {
                RotateBack(aside - 1);
                return packet;
            }

            _setAside.Enqueue(packet);
        }

        while (true)
        {
            var packet = await ReadNewAsync();
            if (packet.Type == type)
            {
                return packet;
            }

            _setAside.Enqueue(packet);
        }
    }

    /// <summary>What came before packets that were found, and was not read.</summary>
    public List<ServerPacket> TakeAside()
    {
        List<ServerPacket> aside = [.. _setAside];
        _setAside.Clear();
        return aside;
    }

    /// <summary>All packets until the broker ends the connection.</summary>
    public async Task<List<ServerPacket>> ReadAllAsync()
    {
        var packets = new List<ServerPacket>(_setAside);
        _setAside.Clear();
        while (await _connection.ReadAsync() is { } more)
        {
            packets.Add(new ServerPacket(Level, more.Header, more.Body));
            if (packets[^1].Type == PacketType.Disconnect)
            {
                // As clients do; the broker need not wait for it.
                _connection.FinishSending();
            }
        }

        return packets;
    }

    /// <summary>Reads until the broker ends the connection; its DISCONNECT, or null when it said nothing.</summary>
    public async Task<ServerPacket?> ReadEndAsync() =>
        (await ReadAllAsync()).LastOrDefault() is { Type: PacketType.Disconnect } last ? last : null;

    /// <summary>The broker ends the connection; in MQTT 5 with one of the reasons (malformed, protocol error if none).</summary>
    public async Task ReadBrokenAsync(params byte[] reasons)
    {
        var end = await ReadEndAsync();
        if (Level == Level.V5)
        {
            Assert.True(end is not null, "The broker closed without DISCONNECT.");
            Assert.Contains(end.Code, reasons.Length > 0 ? reasons : Reason.Broken);
        }
        else
        {
            Assert.Null(end);
        }
    }

    /// <summary>Publishes to the last acknowledgement, which it returns; null for QoS 0.</summary>
    public async Task<ServerPacket?> PublishAsync(PublishFields publish)
    {
        publish = publish.QoS > 0 && publish.PacketId == 0 ? publish with { PacketId = NextPacketId() } : publish;
        await SendAsync(publish);
        if (publish.QoS < 2)
        {
            return publish.QoS == 0 ? null : await AcknowledgementAsync(PacketType.PubAck, publish.PacketId);
        }

        var received = await AcknowledgementAsync(PacketType.PubRec, publish.PacketId);
        if (received.Code >= 0x80)
        {
            return received;
        }

        await SendAsync(Packets.Acknowledge(PacketType.PubRel, publish.PacketId));
        return await AcknowledgementAsync(PacketType.PubComp, publish.PacketId);
    }

    public Task<ServerPacket?> PublishAsync(string topic, string payload, int qos = 0, bool isRetained = false) =>
        PublishAsync(new PublishFields(topic, payload) { QoS = qos, IsRetained = isRetained });

    /// <summary>The next message, acknowledged as its QoS asks.</summary>
    public async Task<ServerPacket> ReceiveAsync()
    {
        var message = await ReadAsync(PacketType.Publish);
        if (message.QoS == 1)
        {
            await SendAsync(Packets.Acknowledge(PacketType.PubAck, message.PacketId));
        }
        else if (message.QoS == 2)
        {
            await SendAsync(Packets.Acknowledge(PacketType.PubRec, message.PacketId));
            var release = await FindAsync(PacketType.PubRel);
            Assert.Equal((message.PacketId, 0x62), (release.PacketId, release.Header));
            await SendAsync(Packets.Acknowledge(PacketType.PubComp, message.PacketId));
        }

        return message;
    }

    /// <summary>Messages up to the one with this payload, which is not among them.</summary>
    public async Task<List<ServerPacket>> ReceiveUntilAsync(string lastPayload)
    {
        var messages = new List<ServerPacket>();
        while (await ReceiveAsync() is var message && message.Payload != lastPayload)
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Subscribes to one filter; the options byte holds the QoS and, in MQTT 5, the rest.</summary>
    public Task<ServerPacket> SubscribeAsync(string filter, byte options = 0, params IEnumerable<Property> properties) =>
        SubscribeAsync([(filter, options)], properties);

    public async Task<ServerPacket> SubscribeAsync(
        (string Filter, byte Options)[] filters, params IEnumerable<Property> properties)
    {
        var packetId = NextPacketId();
        await SendAsync(Packets.Subscribe(Level, packetId, filters, properties));
        return await AcknowledgementAsync(PacketType.SubAck, packetId);
    }

    public async Task<ServerPacket> UnsubscribeAsync(params string[] filters)
    {
        var packetId = NextPacketId();
        await SendAsync(Packets.Unsubscribe(Level, packetId, filters));
        return await AcknowledgementAsync(PacketType.UnsubAck, packetId);
    }

    /// <summary>PINGREQ and its answer: the connection lives, and all that was sent before is processed.</summary>
    public async Task PingAsync()
    {
        await SendAsync(Packets.PingReq);
        await FindAsync(PacketType.PingResp);
    }

    /// <summary>Sends DISCONNECT and waits for the broker to close.</summary>
    public async Task DisconnectAsync(byte reason = Reason.Success, params IReadOnlyCollection<Property> properties)
    {
        await SendAsync(Packets.Disconnect(reason, properties));
        await ReadEndAsync();
    }

    /// <summary>Sends FIN; the other direction stays open.</summary>
    public void FinishSending() => _connection.FinishSending();

    /// <summary>Closes without DISCONNECT.</summary>
    public void Dispose() => _connection.Dispose();

    public ushort NextPacketId() => ++_lastPacketId;

    private void RotateBack(int count)
    {
        for (; count > 0; count--)
        {
            _setAside.Enqueue(_setAside.Dequeue());
        }
    }

    private async Task<ServerPacket> AcknowledgementAsync(PacketType type, ushort packetId)
    {
        var packet = await FindAsync(type);
        Assert.Equal(packetId, packet.PacketId);
        return packet;
    }

    private async Task<ServerPacket> ReadNewAsync()
    {
        var next = await _connection.ReadAsync();
        Assert.True(next is not null, "The broker ended the connection.");
        return new ServerPacket(Level, next.Value.Header, next.Value.Body);
    }
}

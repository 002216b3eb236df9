using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Brokers;

/// <summary>A plain MQTT 3.1.1 client: may be subscribed to one filter, and may publish to one topic.</summary>
internal sealed class BrokerClient : MqttConnection
{
    /// <summary>Bytes of a payload; the first eight are the time of sending.</summary>
    public const int PayloadBytes = 100;

    private readonly BrokerTally _tally;
    private readonly byte[]? _subscribe;
    private readonly PublishTemplate? _template;
    private readonly bool _isAcknowledged;
    private int _answerLength;
    private ushort _packetId;

    private BrokerClient(
        EpollLoop loop, Socket socket, BrokerTally tally, byte[] connect, byte[]? subscribe, PublishTemplate? template, int qos)
        : base(loop, socket)
    {
        (_tally, _subscribe, _template, _isAcknowledged) = (tally, subscribe, template, qos > 0);
        Send(connect);
    }

    /// <summary>Whether CONNACK and, if there is a filter, SUBACK have come.</summary>
    public bool IsReady { get; private set; }

    /// <summary>QoS 1 publishes without PUBACK.</summary>
    public int InFlight { get; private set; }

    /// <summary>Connects a client that is subscribed to a filter.</summary>
    public static BrokerClient Subscriber(
        EpollLoop loop, Socket socket, BrokerTally tally, string clientId, string filter, byte qos, bool isClean = true) => new(
            loop, socket, tally, MqttPackets.Connect(MqttVersion.V311, clientId, null, null, isClean),
            MqttPackets.Subscribe(MqttVersion.V311, filter, qos), null, qos);

    /// <summary>Connects a client that publishes to a topic.</summary>
    public static BrokerClient Publisher(
        EpollLoop loop, Socket socket, BrokerTally tally, string clientId, string topic, int qos)
    {
        var payload = new byte[PayloadBytes];
        var template = qos == 0
            ? MqttPackets.PublishOnce(MqttVersion.V311, topic, payload)
            : MqttPackets.Publish(MqttVersion.V311, topic, payload, null);
        return new BrokerClient(
            loop, socket, tally, MqttPackets.Connect(MqttVersion.V311, clientId, null, null), null, template, qos);
    }

    /// <summary>Sends as many publishes in one write.</summary>
    public void Publish(int count)
    {
        var packet = _template!.Packet;
        count = Math.Min(count, Loop.Scratch.Length / packet.Length);
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            if (_isAcknowledged)
            {
                _packetId = (ushort)((_packetId % ushort.MaxValue) + 1);
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(_template.PacketIdAt), _packetId);
            }

            BinaryPrimitives.WriteInt64LittleEndian(packet.AsSpan(_template.PayloadAt), now);
            packet.CopyTo(Loop.Scratch.AsSpan(i * packet.Length));
        }

        InFlight += _isAcknowledged ? count : 0;
        _tally.Sent += count;
        Send(Loop.Scratch.AsSpan(0, count * packet.Length));
    }

    /// <inheritdoc/>
    protected override void OnPacket(PacketType type, byte first, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case PacketType.Publish:
                OnPublish(first, body);
                break;
            case PacketType.PubAck:
                InFlight--;
                _tally.Acknowledged++;
                break;
            case PacketType.ConnAck when ConnAckPacket.Parse(body) is { ReasonCode: not 0 } refused:
                End($"connection refused, code 0x{refused.ReasonCode:X2}");
                break;
            case PacketType.ConnAck when _subscribe is not null:
                Send(_subscribe);
                break;
            case PacketType.ConnAck:
            case PacketType.SubAck when body.Length > 0 && body[^1] < 0x80:
                IsReady = true;
                break;
            default:
                End($"unexpected packet {type}");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnBatchRead()
    {
        Send(Loop.Scratch.AsSpan(0, _answerLength));
        _answerLength = 0;
    }

    private void OnPublish(byte first, ReadOnlySpan<byte> body)
    {
        _tally.Received++;
        if (_tally.IsTiming)
        {
            _tally.Latency.Record(BinaryPrimitives.ReadInt64LittleEndian(body[^PayloadBytes..]), Stopwatch.GetTimestamp());
        }

        if ((first & 0x06) == 0)
        {
            return;
        }

        if (_answerLength + 4 > Loop.Scratch.Length)
        {
            OnBatchRead();
        }

        var packetId = body.Slice(2 + BinaryPrimitives.ReadUInt16BigEndian(body), 2);
        _answerLength += MqttPackets.WritePubAck(Loop.Scratch.AsSpan(_answerLength), packetId);
    }
}

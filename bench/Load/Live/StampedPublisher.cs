using System.Buffers.Binary;
using System.Net.Sockets;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Positions;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>A device that publishes with QoS 1 when it is told to; its latitude says when (<see cref="LiveStamp"/>).</summary>
internal sealed class StampedPublisher : MqttConnection
{
    private const int LngE7 = 181_000_000;

    private readonly PublishTemplate _template;
    private long _lastFixMs;
    private ushort _lastId;
    private uint _steps;

    /// <summary>Connects; it is ready when the server has accepted it.</summary>
    public StampedPublisher(EpollLoop loop, Socket socket, byte[] connect, PublishTemplate template)
        : base(loop, socket)
    {
        _template = template;
        Send(connect);
    }

    /// <summary>Whether the server has accepted the connection.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Publishes not acknowledged yet.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>Sends one position now.</summary>
    public void Publish()
    {
        // Fix times never repeat, and never go back.
        _lastFixMs = Math.Max(_lastFixMs + 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        _lastId = (ushort)(_lastId == ushort.MaxValue ? 1 : _lastId + 1);
        var packet = _template.Packet.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(packet[_template.PacketIdAt..], _lastId);
        PositionTemplate.Patch(
            packet[_template.PayloadAt..], (int)(LiveStamp.Now() * 10), LngE7, _lastFixMs,
            PositionTemplate.FirstSequence + _steps++);
        Unacknowledged++;
        Send(packet);
    }

    /// <inheritdoc/>
    protected override void OnPacket(PacketType type, byte first, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case PacketType.ConnAck when ConnAckPacket.Parse(body).ReasonCode == 0:
                IsReady = true;
                break;
            case PacketType.PubAck when body.Length <= 2 || body[2] < 0x80:
                Unacknowledged--;
                break;
            default:
                End($"{type} {Convert.ToHexString(body)}");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnBatchRead()
    {
    }
}

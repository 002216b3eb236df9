using System.Buffers.Binary;
using System.Net.Sockets;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Mqtt;

/// <summary>Takes everything a filter matches, acknowledges it and counts it: the cheapest consumer there can be.</summary>
internal sealed class TrivialSubscriber : MqttConnection
{
    private const int PubAckLength = 4;

    private readonly PublishRun _run;
    private readonly byte[] _subscribe;
    private int _answerLength;

    /// <summary>Connects and subscribes.</summary>
    public TrivialSubscriber(EpollLoop loop, Socket socket, PublishRun run, byte[] connect, byte[] subscribe)
        : base(loop, socket)
    {
        (_run, _subscribe) = (run, subscribe);
        Send(connect);
    }

    /// <summary>Whether the subscription is granted.</summary>
    public bool IsReady { get; private set; }

    /// <inheritdoc/>
    protected override void OnPacket(PacketType type, byte first, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case PacketType.Publish:
                OnPublish(first, body);
                break;
            case PacketType.ConnAck when ConnAckPacket.Parse(body) is { ReasonCode: not 0 } refused:
                End($"connection refused, code 0x{refused.ReasonCode:X2}");
                break;
            case PacketType.ConnAck:
                Send(_subscribe);
                break;
            case PacketType.SubAck when body.Length > 0 && body[^1] < 0x80:
                IsReady = true;
                break;
            default:
                End($"unexpected packet {type}");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnBatchRead() => Answer();

    private void OnPublish(byte first, ReadOnlySpan<byte> body)
    {
        _run.Delivered++;
        if ((first & 0x06) == 0)
        {
            return;
        }

        if (body.Length < 2 || body.Length < 4 + BinaryPrimitives.ReadUInt16BigEndian(body))
        {
            throw new InvalidDataException("A PUBLISH is shorter than its topic.");
        }

        if (_answerLength + PubAckLength > Loop.Scratch.Length)
        {
            Answer();
        }

        var packetId = body.Slice(2 + BinaryPrimitives.ReadUInt16BigEndian(body), 2);
        _answerLength += MqttPackets.WritePubAck(Loop.Scratch.AsSpan(_answerLength), packetId);
    }

    private void Answer()
    {
        Send(Loop.Scratch.AsSpan(0, _answerLength));
        _answerLength = 0;
    }
}

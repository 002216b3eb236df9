using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using ArtMqtt.Load.Positions;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Mqtt;

/// <summary>One device: publishes with QoS 1 and keeps a fixed number in flight, or sends when it is told to.</summary>
internal sealed class DevicePublisher : MqttConnection
{
    private const byte FirstError = 0x80;

    private readonly PublishRun _run;
    private readonly PublishTemplate _template;
    private readonly Journey _journey;
    private readonly long[] _sentAt;
    private readonly Stack<ushort> _freeIds;
    private int _window;

    /// <summary>Connects; the device is ready when the server has accepted it.</summary>
    public DevicePublisher(
        EpollLoop loop, Socket socket, PublishRun run, byte[] connect, PublishTemplate template, Journey journey, int inFlight)
        : base(loop, socket)
    {
        (_run, _template, _journey, _window) = (run, template, journey, inFlight);
        _sentAt = new long[inFlight + 1];
        _freeIds = new Stack<ushort>(Enumerable.Range(1, inFlight).Reverse().Select(id => (ushort)id));
        Send(connect);
    }

    /// <summary>Whether the server has accepted the connection.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether the connection holds and the window has room.</summary>
    public bool CanPublish => IsReady && Ended is null && InFlight < _window;

    /// <summary>Publishes without an answer yet.</summary>
    public int InFlight => _sentAt.Length - 1 - _freeIds.Count;

    /// <summary>Fix time of the newest position, ms since 1970.</summary>
    public long LastFixMs => _journey.LastFixMs;

    /// <summary>Sends until as many are in flight as allowed.</summary>
    public void Fill()
    {
        if (!IsReady || IsBlocked || Ended is not null)
        {
            return;
        }

        var packet = _template.Packet;
        var most = Math.Min(_window - InFlight, Loop.Scratch.Length / packet.Length);
        var count = most > 0 ? _run.Allow(most) : 0;
        if (count == 0)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        var used = 0;
        for (var i = 0; i < count; i++)
        {
            _journey.WriteNext(packet.AsSpan(_template.PayloadAt));
            used += Stamp(Loop.Scratch.AsSpan(used), now);
        }

        _run.Sent += count;
        Send(Loop.Scratch.AsSpan(0, used));
    }

    /// <summary>Sends one position now, whatever the run allows; only when <see cref="CanPublish"/>.</summary>
    public void Publish(long fixMs)
    {
        _journey.WriteAt(_template.Packet.AsSpan(_template.PayloadAt), fixMs);
        var length = Stamp(Loop.Scratch, Stopwatch.GetTimestamp());
        _run.Sent++;
        Send(Loop.Scratch.AsSpan(0, length));
    }

    /// <inheritdoc/>
    protected override void OnPacket(PacketType type, byte first, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case PacketType.PubAck when body.Length >= 2:
                OnPubAck(BinaryPrimitives.ReadUInt16BigEndian(body), body.Length > 2 ? body[2] : (byte)0);
                break;
            case PacketType.ConnAck:
                OnConnAck(ConnAckPacket.Parse(body));
                break;
            case PacketType.PingResponse:
                break;
            case PacketType.Disconnect:
                End($"DISCONNECT from the server, reason 0x{(body.Length > 0 ? body[0] : 0):X2}");
                break;
            default:
                End($"unexpected packet {type}");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnBatchRead() => Fill();

    private int Stamp(Span<byte> target, long now)
    {
        var id = _freeIds.Pop();
        _sentAt[id] = now;
        BinaryPrimitives.WriteUInt16BigEndian(_template.Packet.AsSpan(_template.PacketIdAt), id);
        _template.Packet.CopyTo(target);
        return _template.Packet.Length;
    }

    private void OnPubAck(ushort id, byte reason)
    {
        if (id >= _sentAt.Length || _sentAt[id] == 0)
        {
            End($"PUBACK for {id}, which is not in flight");
            return;
        }

        _run.Latency.Record(_sentAt[id], Stopwatch.GetTimestamp());
        _sentAt[id] = 0;
        _freeIds.Push(id);
        if (reason >= FirstError)
        {
            _run.Refused[reason] = _run.Refused.GetValueOrDefault(reason) + 1;
        }
        else
        {
            _run.Acknowledged++;
        }
    }

    private void OnConnAck(ConnAckPacket answer)
    {
        if (answer.ReasonCode != 0)
        {
            End($"connection refused, code 0x{answer.ReasonCode:X2}");
            return;
        }

        _window = Math.Min(_window, answer.ReceiveMaximum);
        IsReady = true;
    }
}

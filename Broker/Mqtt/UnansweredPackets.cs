using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Bounds what MQTTnet keeps for one client: answers the client asks for and does not read, live messages it does not
/// read, and deliveries it does not acknowledge.
/// </summary>
/// <remarks>
/// Retained messages come all at once, so there is room for them on top where there may be many (<see cref="AddRoom"/>).
/// </remarks>
/// <param name="limit">Most of each.</param>
internal sealed class UnansweredPackets(int limit)
{
    private int _answers;
    private int _live;
    private int _deliveries;
    private int _retained;

    /// <summary>The client may get this many retained messages with one subscription.</summary>
    public void AddRoom(int retained) => _retained = retained;

    /// <summary>Counts a live message that is to be queued; false when too many wait to be sent.</summary>
    public bool OnQueueing() => Interlocked.Increment(ref _live) <= limit;

    /// <summary>Counts a packet from the client; false when it asks for more than it takes.</summary>
    public bool OnReceived(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPingReqPacket or MqttSubscribePacket or MqttUnsubscribePacket or MqttPubRelPacket:
                return Interlocked.Increment(ref _answers) <= limit;
            case MqttPubAckPacket or MqttPubCompPacket when Volatile.Read(ref _deliveries) > 0:
                Interlocked.Decrement(ref _deliveries);
                return true;
            default:
                return true;
        }
    }

    /// <summary>Counts a packet to the client; false when it leaves too many deliveries unacknowledged.</summary>
    public bool OnSending(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPingRespPacket or MqttSubAckPacket or MqttUnsubAckPacket or MqttPubCompPacket:
                Interlocked.Decrement(ref _answers);
                return true;
            case MqttPublishPacket publish:
                OnDequeued();
                return publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce
                    || Interlocked.Increment(ref _deliveries) <= Math.Min(limit + _retained, ushort.MaxValue);
            default:
                return true;
        }
    }

    private void OnDequeued()
    {
        // Retained messages are sent too, but were not counted when they were queued.
        if (Interlocked.Decrement(ref _live) < 0)
        {
            Interlocked.Increment(ref _live);
        }
    }
}

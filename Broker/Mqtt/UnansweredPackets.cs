using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// Bounds what MQTTnet keeps without a bound for one client: answers the client asks for and does not read, and
/// deliveries it does not acknowledge.
/// </summary>
/// <param name="limit">Most of each.</param>
internal sealed class UnansweredPackets(int limit)
{
    private int _answers;
    private int _deliveries;

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
            case MqttPublishPacket { QualityOfServiceLevel: not MqttQualityOfServiceLevel.AtMostOnce }:
                return Interlocked.Increment(ref _deliveries) <= limit;
            default:
                return true;
        }
    }
}

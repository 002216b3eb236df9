using ArtMqtt.Broker.Intake;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>How a publish is answered: an acknowledgement with a reason code, the end of the connection, or nothing.</summary>
/// <param name="Acknowledge">Reason code of PUBACK or PUBREC, or null.</param>
/// <param name="Close">Reason to close the connection, or null.</param>
internal readonly record struct PublishReply(MqttPubAckReasonCode? Acknowledge, MqttDisconnectReasonCode? Close)
{
    /// <summary>The answer to a result. MQTT 3.1.1 acknowledgements cannot say no, so there the end has to.</summary>
    /// <param name="code">What became of the publish.</param>
    /// <param name="isVersion5">Whether the client speaks MQTT 5.</param>
    /// <param name="quality">Quality of service; with 0 there is no acknowledgement.</param>
    /// <param name="closeOnDenied"><see cref="BrokerOptions.CloseOnDeniedPublish"/>.</param>
    public static PublishReply To(IntakeCode code, bool isVersion5, MqttQualityOfServiceLevel quality, bool closeOnDenied)
    {
        var reply = (code, isVersion5) switch
        {
            (IntakeCode.Accepted, _) => Ack(MqttPubAckReasonCode.Success),
            (IntakeCode.PayloadInvalid, true) => Ack(MqttPubAckReasonCode.PayloadFormatInvalid),
            (IntakeCode.PayloadInvalid, false) => Ack(MqttPubAckReasonCode.Success),
            (IntakeCode.NotAuthorized, true) => Ack(MqttPubAckReasonCode.NotAuthorized),
            (IntakeCode.NotAuthorized, false) when closeOnDenied => End(MqttDisconnectReasonCode.NotAuthorized),
            (IntakeCode.NotAuthorized, false) => Ack(MqttPubAckReasonCode.Success),
            (_, true) => Ack(MqttPubAckReasonCode.QuotaExceeded),
            _ => End(MqttDisconnectReasonCode.QuotaExceeded),
        };

        // Without acknowledgement nobody waits for an answer; a device that lost QoS 0 positions need not reconnect.
        return quality == MqttQualityOfServiceLevel.AtMostOnce
            ? new PublishReply(null, code == IntakeCode.NotAuthorized ? reply.Close : null)
            : reply;
    }

    private static PublishReply Ack(MqttPubAckReasonCode code) => new(code, null);

    private static PublishReply End(MqttDisconnectReasonCode reason) => new(null, reason);
}

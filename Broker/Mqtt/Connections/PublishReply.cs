using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>How a publish is answered: an acknowledgement with a reason code, the end of the connection, or nothing.</summary>
/// <param name="Acknowledge">Reason code of PUBACK or PUBREC, or null.</param>
/// <param name="Close">Reason to close the connection, or null.</param>
internal readonly record struct PublishReply(ReasonCode? Acknowledge, ReasonCode? Close)
{
    /// <summary>The answer to a result. MQTT 3.1.1 acknowledgements cannot say no, so there the end has to.</summary>
    /// <param name="code">What became of the publish.</param>
    /// <param name="isVersion5">Whether the client speaks MQTT 5.</param>
    /// <param name="quality">Quality of service; with 0 there is no acknowledgement.</param>
    /// <param name="closeOnDenied"><see cref="BrokerOptions.CloseOnDeniedPublish"/>.</param>
    public static PublishReply To(IntakeCode code, bool isVersion5, byte quality, bool closeOnDenied)
    {
        var reply = (code, isVersion5) switch
        {
            (IntakeCode.Accepted, _) => Ack(ReasonCode.Success),
            (IntakeCode.NoSubscribers, true) => Ack(ReasonCode.NoMatchingSubscribers),
            (IntakeCode.NoSubscribers, false) => Ack(ReasonCode.Success),
            (IntakeCode.PayloadInvalid, true) => Ack(ReasonCode.PayloadFormatInvalid),
            (IntakeCode.PayloadInvalid, false) => Ack(ReasonCode.Success),
            (IntakeCode.NotAuthorized, true) => Ack(ReasonCode.NotAuthorized),
            (IntakeCode.NotAuthorized, false) when closeOnDenied => End(ReasonCode.NotAuthorized),
            (IntakeCode.NotAuthorized, false) => Ack(ReasonCode.Success),
            (_, true) => Ack(ReasonCode.QuotaExceeded),
            _ => End(ReasonCode.QuotaExceeded),
        };

        // Without acknowledgement nobody waits for an answer; a device that lost QoS 0 positions need not reconnect.
        return quality == 0 ? new PublishReply(null, code == IntakeCode.NotAuthorized ? reply.Close : null) : reply;
    }

    private static PublishReply Ack(ReasonCode code) => new(code, null);

    private static PublishReply End(ReasonCode reason) => new(null, reason);
}

using MQTTnet;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What the server's answer to a publish means for the position.</summary>
internal enum PublishVerdict
{
    /// <summary>The server has it safe.</summary>
    Accepted,

    /// <summary>The server can never take it: sending it again would block all later ones.</summary>
    Refused,

    /// <summary>Not now: wait and send it again.</summary>
    Retry,
}

/// <summary>Judges reason codes.</summary>
internal static class PublishVerdicts
{
    /// <summary>
    /// Only what no later moment can mend is refused. "Not authorized" is not: the request may be assigned, or the
    /// device enabled, a moment later.
    /// </summary>
    public static PublishVerdict Of(MqttClientPublishReasonCode code) => code switch
    {
        MqttClientPublishReasonCode.PayloadFormatInvalid or MqttClientPublishReasonCode.TopicNameInvalid =>
            PublishVerdict.Refused,
        _ when (int)code < 0x80 => PublishVerdict.Accepted,
        _ => PublishVerdict.Retry,
    };
}

using MQTTnet;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What a delivery reports.</summary>
/// <param name="Progressed">The spool was acknowledged a step further.</param>
/// <param name="Answered">A publish got a reason code other than success.</param>
/// <param name="Unreadable">The spool held bytes that are no publish.</param>
internal sealed record DeliveryEvents(
    Action Progressed, Action<MqttClientPublishReasonCode, PublishVerdict> Answered, Action Unreadable);

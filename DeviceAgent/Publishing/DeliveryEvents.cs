namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What a delivery reports.</summary>
/// <param name="Progressed">The spool was acknowledged a step further.</param>
/// <param name="Answered">A publish got another answer than success.</param>
/// <param name="GivenUp">A record was left out: why, or null when it is no publish.</param>
internal sealed record DeliveryEvents(
    Action Progressed, Action<PublishAnswer> Answered, Action<PreparationVerdict?> GivenUp);

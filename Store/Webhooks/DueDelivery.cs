namespace ArtMqtt.Store.Webhooks;

/// <summary>A delivery that this node may attempt now, until its lease ends.</summary>
/// <param name="DeliveryId">Its number.</param>
/// <param name="EndpointId">Where it goes.</param>
/// <param name="EventId">The event.</param>
/// <param name="EventType">What kind of event.</param>
/// <param name="Body">What is sent.</param>
/// <param name="Attempt">Number of this attempt, from 1.</param>
/// <param name="QueuedAt">Since when it waits, UTC.</param>
/// <param name="Url">Where the endpoint listens.</param>
/// <param name="Secret">Its secret, encrypted.</param>
/// <param name="PreviousSecret">The secret before while it counts, encrypted, or null.</param>
/// <param name="Failures">Attempts to the endpoint that failed in a row.</param>
public sealed record DueDelivery(
    long DeliveryId, Guid EndpointId, Guid EventId, string EventType, string Body, int Attempt, DateTimeOffset QueuedAt,
    string Url, byte[] Secret, byte[]? PreviousSecret, int Failures);

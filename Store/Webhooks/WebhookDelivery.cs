namespace ArtMqtt.Store.Webhooks;

/// <summary>An event on its way to one endpoint, as stored.</summary>
/// <param name="DeliveryId">Its number.</param>
/// <param name="EventId">The event.</param>
/// <param name="EventType">What kind of event.</param>
/// <param name="Subject">The request or device it is about.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">Attempts since it was queued.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="NextAttemptAt">Not before, UTC; null: at once, or not any more.</param>
/// <param name="LastAttemptAt">UTC, or null before the first.</param>
/// <param name="LastStatus">HTTP status of the last answer, or null.</param>
/// <param name="LastError">Why the last attempt failed, or null.</param>
/// <param name="FinishedAt">When it was delivered or given up, UTC, or null.</param>
public sealed record WebhookDelivery(
    long DeliveryId, Guid EventId, string EventType, string Subject, string State, int Attempts, DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? LastAttemptAt, int? LastStatus, string? LastError, DateTimeOffset? FinishedAt);

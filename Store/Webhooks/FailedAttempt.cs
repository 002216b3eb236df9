namespace ArtMqtt.Store.Webhooks;

/// <summary>What follows from an attempt that failed.</summary>
/// <param name="Status">HTTP status of the answer, or null.</param>
/// <param name="Error">Why, in words.</param>
/// <param name="RetryAt">When to try again, UTC; null: the delivery is given up.</param>
/// <param name="PauseUntil">No attempt to the endpoint before, UTC; null: none.</param>
/// <param name="DisabledReason">Why the endpoint is disabled, or null when it is not.</param>
public sealed record FailedAttempt(
    int? Status, string Error, DateTimeOffset? RetryAt, DateTimeOffset? PauseUntil, string? DisabledReason);

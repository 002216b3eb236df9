namespace ArtMqtt.Store.Webhooks;

/// <summary>What a caller says about an endpoint.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="EventTypes">What it wants to know; at least one.</param>
/// <param name="Description">What people call it, or null.</param>
/// <param name="IsEnabled">Whether events are made for it and sent to it.</param>
public sealed record WebhookSettings(
    string Url, IReadOnlyList<string> EventTypes, string? Description, bool IsEnabled);

/// <summary>Where events are sent, as stored; without its secrets.</summary>
/// <param name="EndpointId">Its id.</param>
/// <param name="Settings">What the caller said.</param>
/// <param name="DisabledReason">Why it was disabled by itself, or null.</param>
/// <param name="PreviousSecretUntil">Until when the secret before signs too, UTC, or null.</param>
/// <param name="Failures">Attempts that failed in a row.</param>
/// <param name="FailingSince">When the first of them failed, UTC, or null.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
/// <param name="Version">1 when made, one more with each change by a caller.</param>
public sealed record WebhookEndpoint(
    Guid EndpointId, WebhookSettings Settings, string? DisabledReason, DateTimeOffset? PreviousSecretUntil,
    int Failures, DateTimeOffset? FailingSince, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version);

/// <summary>The endpoint after a change, or as it is because the caller knew another version; both null: there is none.</summary>
/// <param name="Changed">After the change.</param>
/// <param name="Current">As it is.</param>
public sealed record WebhookChangeResult(WebhookEndpoint? Changed, WebhookEndpoint? Current);

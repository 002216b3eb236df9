using ArtMqtt.Store.Webhooks;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>Where events are to be sent.</summary>
/// <param name="Url">An https address, without user name and fragment; at most 2,000 characters.</param>
/// <param name="Events">What it wants to know: <c>request.status</c>, <c>request.arrived</c>, <c>request.eta</c>,
/// <c>geofence.enter</c>, <c>geofence.exit</c>, <c>device.offline</c>, <c>device.online</c>.</param>
/// <param name="Description">For people; at most 200 characters.</param>
/// <param name="Enabled">False: nothing is sent, and what happens meanwhile is not sent later.</param>
internal sealed record WebhookBody(
    string Url, IReadOnlyList<string> Events, string? Description = null, bool Enabled = true);

/// <summary>How the secret is replaced.</summary>
/// <param name="OverlapSeconds">
/// How long the old one signs too, 0 to 2,592,000 (30 days); left out: <c>Gateway:Webhooks:SecretOverlap</c>.
/// </param>
internal sealed record RotateWebhookBody(int? OverlapSeconds = null);

/// <summary>What is sent again.</summary>
/// <param name="Since">All dead letters of events made at this time or later, ISO 8601 with offset.</param>
internal sealed record ReplayBody(DateTimeOffset Since);

/// <summary>An endpoint as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Events">What it wants to know.</param>
/// <param name="Description">What people call it.</param>
/// <param name="Enabled">Whether events are made for it and sent to it.</param>
/// <param name="DisabledReason">Why it was disabled by itself, or null.</param>
/// <param name="PreviousSecretUntil">Until when the secret before signs too, UTC; null when there is none.</param>
/// <param name="Failures">Attempts that failed in a row.</param>
/// <param name="FailingSince">When the first of them failed, UTC, or null.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
/// <param name="Version">Counts its changes.</param>
internal sealed record WebhookView(
    Guid Id, string Url, IReadOnlyList<string> Events, string? Description, bool Enabled, string? DisabledReason,
    DateTimeOffset? PreviousSecretUntil, int Failures, DateTimeOffset? FailingSince, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, int Version)
{
    public static WebhookView Of(WebhookEndpoint endpoint, DateTimeOffset now) => new(
        endpoint.EndpointId, endpoint.Settings.Url, endpoint.Settings.EventTypes, endpoint.Settings.Description,
        endpoint.Settings.IsEnabled, endpoint.DisabledReason,
        endpoint.PreviousSecretUntil > now ? endpoint.PreviousSecretUntil : null, endpoint.Failures,
        endpoint.FailingSince, endpoint.CreatedAt, endpoint.UpdatedAt, endpoint.Version);
}

/// <summary>An endpoint with its new secret, which is shown this once.</summary>
/// <param name="Webhook">The endpoint.</param>
/// <param name="Secret"><c>whsec_</c> and 256 random bits in base64.</param>
internal sealed record WebhookSecretView(WebhookView Webhook, string Secret);

/// <summary>The endpoints of the caller's firm, oldest first.</summary>
internal sealed record WebhookList(IReadOnlyList<WebhookView> Items);

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Id">Its number.</param>
/// <param name="WebhookId">The value of the header <c>webhook-id</c>.</param>
/// <param name="Type">What kind of event.</param>
/// <param name="Subject">Id of the request or device it is about.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">Attempts since it was queued.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="NextAttemptAt">Not before, UTC; null: at once, or not any more.</param>
/// <param name="LastAttemptAt">UTC, or null before the first.</param>
/// <param name="LastStatus">HTTP status of the last answer, or null.</param>
/// <param name="LastError">Why the last attempt failed, or null.</param>
/// <param name="FinishedAt">When it was delivered or given up, UTC, or null.</param>
internal sealed record DeliveryView(
    long Id, string WebhookId, string Type, string Subject, string State, int Attempts, DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? LastAttemptAt, int? LastStatus, string? LastError, DateTimeOffset? FinishedAt)
{
    public static DeliveryView Of(WebhookDelivery delivery) => new(
        delivery.DeliveryId, WebhookSender.IdOf(delivery.EventId), delivery.EventType, delivery.Subject, delivery.State,
        delivery.Attempts, delivery.CreatedAt, delivery.NextAttemptAt, delivery.LastAttemptAt, delivery.LastStatus,
        delivery.LastError, delivery.FinishedAt);
}

/// <summary>A page of deliveries, newest first.</summary>
/// <param name="Items">The deliveries.</param>
/// <param name="Next">Give it back as <c>before</c> for the next page; null on the last.</param>
internal sealed record DeliveryPage(IReadOnlyList<DeliveryView> Items, long? Next);

/// <summary>How many events are sent again.</summary>
internal sealed record ReplayedView(int Replayed);

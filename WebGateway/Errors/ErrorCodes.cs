namespace ArtMqtt.WebGateway.Errors;

/// <summary>Stable codes of errors, on HTTP and on the hub; explained in docs/errors.md.</summary>
internal static class ErrorCodes
{
    public const string InvalidRequest = "invalid_request";
    public const string JsonMalformed = "json_malformed";
    public const string TokenMissing = "token_missing";
    public const string TokenInvalid = "token_invalid";
    public const string TokenRevoked = "token_revoked";
    public const string TokenUnverifiable = "token_unverifiable";
    public const string DispatcherOnly = "dispatcher_only";
    public const string AdminOnly = "admin_only";
    public const string DeviceDisabled = "device_disabled";
    public const string TenantNotAllowed = "tenant_not_allowed";
    public const string RouteNotVisible = "route_not_visible";
    public const string ShareNotAllowed = "share_not_allowed";
    public const string NotFound = "not_found";
    public const string RequestNotFound = "request_not_found";
    public const string DeviceNotFound = "device_not_found";
    public const string ShareNotFound = "share_not_found";
    public const string WebhookNotFound = "webhook_not_found";
    public const string DeliveryNotFound = "delivery_not_found";
    public const string ClientNotFound = "client_not_found";
    public const string LetterNotFound = "letter_not_found";
    public const string BrokerNotHere = "broker_not_here";
    public const string GeofenceNotFound = "geofence_not_found";
    public const string PlaceNotKnown = "place_not_known";
    public const string TokenNotFound = "token_not_found";
    public const string TokensNotIssued = "tokens_not_issued";
    public const string StreetsNotConfigured = "streets_not_configured";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string NotAcceptable = "not_acceptable";
    public const string DeviceExists = "device_exists";
    public const string DeviceInUse = "device_in_use";
    public const string WebhookDisabled = "webhook_disabled";
    public const string TooManyWebhooks = "too_many_webhooks";
    public const string TooManyGeofences = "too_many_geofences";
    public const string VersionMismatch = "version_mismatch";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string StatusNotAllowed = "status_not_allowed";
    public const string RequestOver = "request_over";
    public const string TooManyShares = "too_many_shares";
    public const string ShareEnded = "share_ended";
    public const string ShareExpired = "share_expired";
    public const string ShareRevoked = "share_revoked";
    public const string BodyTooLarge = "body_too_large";
    public const string AreaTooLarge = "area_too_large";
    public const string ExportTooLarge = "export_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string TooManyAttempts = "too_many_attempts";
    public const string TooManyCalls = "too_many_calls";
    public const string TooManyExports = "too_many_exports";
    public const string PositionsNotTaken = "positions_not_taken";
    public const string TooManyWatches = "too_many_watches";
    public const string TooManyConnections = "too_many_connections";
    public const string InternalError = "internal_error";
    public const string StoreUnavailable = "store_unavailable";
    public const string NodesSilent = "nodes_silent";

    /// <summary>The code of an answer whose maker gave none.</summary>
    public static string Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => InvalidRequest,
        StatusCodes.Status401Unauthorized => TokenMissing,
        StatusCodes.Status403Forbidden => DispatcherOnly,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status406NotAcceptable => NotAcceptable,
        StatusCodes.Status412PreconditionFailed => VersionMismatch,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => TooManyAttempts,
        StatusCodes.Status503ServiceUnavailable => StoreUnavailable,
        < 500 => InvalidRequest,
        _ => InternalError,
    };
}

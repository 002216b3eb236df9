namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Stable codes of the front doors' errors; explained in docs/errors.md, some shared with the gateway.</summary>
internal static class FrontDoorErrors
{
    public const string InvalidRequest = "invalid_request";
    public const string TokenMissing = "token_missing";
    public const string TokenInvalid = "token_invalid";
    public const string PublishNotAllowed = "publish_not_allowed";
    public const string BodyTooLarge = "body_too_large";
    public const string TooManyAttempts = "too_many_attempts";
    public const string DevicesNotLoaded = "devices_not_loaded";
    public const string SpoolUnavailable = "spool_unavailable";
}

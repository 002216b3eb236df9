namespace ArtMqtt.Contracts.Positions;

/// <summary>Why a payload is not a position: a stable code (docs/errors.md) and what to change.</summary>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Detail">What is wrong, where, and the allowed range. Never contains coordinates.</param>
public readonly record struct PositionError(string Code, string Detail)
{
    /// <summary>Code of a payload whose content type names no way of writing positions.</summary>
    public const string UnknownContentTypeCode = "position_content_type_unknown";

    internal static PositionError Malformed(string detail) => new("position_malformed", detail);

    internal static PositionError Missing(string field) => new("position_field_missing", $"'{field}' is required.");

    internal static PositionError OutOfRange(string field, string range) =>
        new("position_field_out_of_range", $"'{field}' must be {range}.");

    internal static PositionError TooMany(int limit) =>
        new("position_batch_too_large", $"A payload carries at most {limit} positions; send several.");

    internal static PositionError Encrypted() => new(
        "position_encrypted", "The message is encrypted; switch the encryption of the app off and use TLS.");

    /// <summary>A position that an upstream broker passed on, of a device that does not exist here.</summary>
    public static PositionError UnknownDevice() => new(
        "position_device_unknown", "No such device here; create it, then take the dead letter in again.");

    /// <summary>A position that an upstream broker passed on, of a device that is disabled here.</summary>
    public static PositionError DisabledDevice() => new(
        "position_device_disabled", "The device is disabled here; enable it, then take the dead letter in again.");

    /// <summary>A position that an upstream broker passed on, for a request that is not running.</summary>
    public static PositionError NoRequest() => new(
        "position_request_not_running", "The request does not exist, is over, or nobody is assigned to it.");

    /// <summary>A message that an upstream broker passed on, on a topic that is none of positions.</summary>
    public static PositionError ForeignTopic() => new(
        "position_topic_unknown", "The topic stands for none of positions here, or a device id in it has not the form of one.");
}

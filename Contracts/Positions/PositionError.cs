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
}

namespace ArtMqtt.Contracts.Positions;

/// <summary>A publish that can never become a position, kept as a dead letter.</summary>
/// <param name="DeviceId">Who published it.</param>
/// <param name="Topic">Where.</param>
/// <param name="ReceivedAt">Our clock, UTC, milliseconds.</param>
/// <param name="Code">Stable code of <see cref="PositionError"/>.</param>
/// <param name="Detail">What is wrong and what to change.</param>
/// <param name="Payload">The beginning of what was sent, at most 4 KiB.</param>
public sealed record RejectedPayload(
    string DeviceId, string Topic, DateTimeOffset ReceivedAt, string Code, string Detail, ReadOnlyMemory<byte> Payload)
{
    /// <summary>How much of a payload is kept, in bytes.</summary>
    public const int MaxPayload = 4096;

    /// <summary>Most characters of a content type; the rest is cut.</summary>
    public const int MaxContentType = 128;

    /// <summary>MQTT 5 or HTTP content type it came with, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whose way of writing positions it follows, in a word of the broker; null when that was not kept.</summary>
    public string? Dialect { get; init; }

    /// <summary>How long the whole payload was, in bytes; null when that was not kept.</summary>
    public int? Size { get; init; }

    /// <summary>Whether only the beginning was kept. Of letters without a size nobody can tell at exactly the limit.</summary>
    public bool IsCut => Size is { } size ? size > Payload.Length : Payload.Length >= MaxPayload;

    /// <summary>Code of a position that was accepted and that the database refused; its payload is a <see cref="SpoolRecord"/>.</summary>
    public const string RefusedByStoreCode = "position_refused_by_store";

    /// <summary>Code of a <see cref="SpoolRecord"/> that could not be read.</summary>
    public const string UnreadableRecordCode = "spool_record_unreadable";
}

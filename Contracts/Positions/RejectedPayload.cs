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

    /// <summary>Code of a position that was accepted and that the database refused; its payload is a <see cref="SpoolRecord"/>.</summary>
    public const string RefusedByStoreCode = "position_refused_by_store";

    /// <summary>Code of a <see cref="SpoolRecord"/> that could not be read.</summary>
    public const string UnreadableRecordCode = "spool_record_unreadable";
}

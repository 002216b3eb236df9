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
}

namespace ArtMqtt.Store.Positions;

/// <summary>A dead letter without what was sent.</summary>
/// <param name="Id">Counts them.</param>
/// <param name="At">When it arrived, UTC.</param>
/// <param name="DeviceId">The device, as it signed in; <c>customer</c> for a customer's phone.</param>
/// <param name="Topic">What it was published to; empty when not known.</param>
/// <param name="Code">Why, as in docs/errors.md.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Bytes">How much of it was kept.</param>
/// <param name="ContentType">MQTT 5 or HTTP content type it came with, or null.</param>
/// <param name="Size">How long it was, in bytes; null when that was not kept.</param>
public sealed record DeadLetterRecord(
    long Id, DateTimeOffset At, string DeviceId, string Topic, string Code, string Detail, int Bytes, string? ContentType,
    int? Size);

/// <summary>How many dead letters have a reason.</summary>
/// <param name="Code">The reason.</param>
/// <param name="Count">How many.</param>
public sealed record DeadLetterCount(string Code, long Count);

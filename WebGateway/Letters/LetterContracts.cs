using ArtMqtt.Store.Positions;

namespace ArtMqtt.WebGateway.Letters;

/// <summary>A page of dead letters, newest first.</summary>
/// <param name="Items">Without what was sent.</param>
/// <param name="Next">Give it back as <c>before</c> for the next page; null on the last.</param>
/// <param name="Codes">How many there are for which reason, on the first page; else null.</param>
internal sealed record LetterPage(
    IReadOnlyList<DeadLetterRecord> Items, long? Next, IReadOnlyList<DeadLetterCount>? Codes);

/// <summary>A dead letter with what was sent.</summary>
/// <param name="At">When it arrived, UTC.</param>
/// <param name="DeviceId">The device, as it signed in.</param>
/// <param name="Topic">What it was published to.</param>
/// <param name="Code">Why, as in docs/errors.md.</param>
/// <param name="Detail">Why, in words.</param>
/// <param name="Text">What was sent, when it is text; else null.</param>
/// <param name="Hex">What was sent, as hex digits, when it is not text; else null.</param>
/// <param name="IsCut">Only the beginning was kept: it cannot be taken in again.</param>
/// <param name="ContentType">MQTT 5 or HTTP content type it came with, or null.</param>
/// <param name="Size">How long it was, in bytes; null when that was not kept.</param>
internal sealed record LetterView(
    DateTimeOffset At, string DeviceId, string Topic, string Code, string Detail, string? Text, string? Hex, bool IsCut,
    string? ContentType, int? Size);

/// <summary>What became of dead letters that were taken in again.</summary>
/// <param name="Removed">Letters that are positions now, and gone from the list.</param>
/// <param name="Accepted">Positions that were taken in.</param>
/// <param name="Kept">Letters that were refused again and stay, with the new reason.</param>
/// <param name="Next">When more than 500 letters fit: give it back as <c>before</c> to go on; else null.</param>
/// <param name="LastError">Why the last one that stays was refused; null when none was.</param>
internal sealed record RetryView(int Removed, int Accepted, int Kept, long? Next, string? LastError);

/// <summary>How many dead letters were thrown away.</summary>
/// <param name="Removed">How many.</param>
/// <param name="HasMore">Whether there may be more that fit: call again.</param>
internal sealed record DiscardView(int Removed, bool HasMore);

namespace ArtMqtt.Live.Redis;

/// <summary>What <see cref="LiveScripts.Publish"/> says of an event.</summary>
/// <param name="Numbered">The event with its number; null when it was refused.</param>
/// <param name="Refusal">Why it was refused.</param>
internal sealed record PublishReply(NumberedEvent? Numbered, string? Refusal);

namespace ArtMqtt.Live.Redis;

/// <summary>A stream as Redis has it.</summary>
/// <param name="Cursor">Where it stands.</param>
/// <param name="Snapshot">The newest of everything.</param>
/// <param name="Newest">The newest events up to there, oldest first, without gaps.</param>
internal sealed record RedisStream(Cursor Cursor, LiveSnapshot Snapshot, IReadOnlyList<NumberedEvent> Newest);

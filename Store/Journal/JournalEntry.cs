using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Store.Journal;

/// <summary>An event of a live stream, as it was told.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Epoch">Incarnation of the stream.</param>
/// <param name="Sequence">Its number there.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Event">What happened.</param>
public readonly record struct JournalEntry(
    Guid RequestId, string Epoch, long Sequence, DateTimeOffset At, LiveEvent Event);

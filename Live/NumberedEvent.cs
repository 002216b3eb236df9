using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live;

/// <summary>An event with its number in the stream of its request.</summary>
/// <param name="Cursor">Epoch and number.</param>
/// <param name="Event">What happened.</param>
public sealed record NumberedEvent(Cursor Cursor, LiveEvent Event);

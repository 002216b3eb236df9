namespace ArtMqtt.Store.LifeCycle;

/// <summary>One erasure, as it stands.</summary>
/// <param name="Subject">The device id, or the id of the customer's request.</param>
/// <param name="Through">What a node received up to then is erased.</param>
/// <param name="Positions">Positions that were erased so far.</param>
/// <param name="DeadLetters">Dead letters that were erased so far.</param>
public sealed record Erasure(string Subject, DateTimeOffset Through, long Positions, long DeadLetters);

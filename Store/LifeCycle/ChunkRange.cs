namespace ArtMqtt.Store.LifeCycle;

/// <summary>The time that a chunk holds.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="To">The first moment behind it.</param>
internal readonly record struct ChunkRange(DateTime From, DateTime To);

namespace ArtMqtt.Store.Positions;

/// <summary>What became of a batch.</summary>
/// <param name="Written">Positions that are new in the hypertable.</param>
/// <param name="Duplicates">Positions that were there already, suspect ones included.</param>
/// <param name="Suspect">Positions with an impossible clock that are new in <c>suspect_positions</c>.</param>
public readonly record struct WriteResult(int Written, int Duplicates, int Suspect);

using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Positions;

/// <summary>A position on its way into the database.</summary>
/// <param name="Source">Whose it is.</param>
/// <param name="Position">As published.</param>
/// <param name="Tag">Whatever the caller finds it by again.</param>
public readonly record struct PositionRow(PositionSource Source, Position Position, int Tag);

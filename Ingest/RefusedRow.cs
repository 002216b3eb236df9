using ArtMqtt.Store.Positions;

namespace ArtMqtt.Ingest;

/// <summary>A position the database refused.</summary>
/// <param name="Row">The position.</param>
/// <param name="Reason">SQLSTATE and the database's words.</param>
internal readonly record struct RefusedRow(PositionRow Row, string Reason);

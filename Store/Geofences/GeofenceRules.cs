namespace ArtMqtt.Store.Geofences;

/// <summary>How sure it has to be that a device crossed an edge.</summary>
/// <param name="Confirmations">Positions in a row that have to agree.</param>
/// <param name="Margin">Metres beyond the edge that a position must be to count as outside; its accuracy when that is more.</param>
/// <param name="MaxAccuracy">Positions that are less exact, in metres, say nothing.</param>
public sealed record GeofenceRules(int Confirmations, double Margin, double MaxAccuracy);

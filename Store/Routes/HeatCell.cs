namespace ArtMqtt.Store.Routes;

/// <summary>How much happened in one tile of the web map.</summary>
/// <param name="X">Column, from the west.</param>
/// <param name="Y">Row, from the north.</param>
/// <param name="Positions">How many positions lie in it.</param>
/// <param name="Devices">How many devices they are of.</param>
public sealed record HeatCell(int X, int Y, long Positions, int Devices);

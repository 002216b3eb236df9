namespace ArtMqtt.Store.Trips;

/// <summary>How far the trips of a device are known on one day.</summary>
/// <param name="Through">Positions before this were looked at.</param>
/// <param name="Positions">How many of that day.</param>
/// <param name="State">What the detector knew then.</param>
internal sealed record TripState(DateTimeOffset Through, int Positions, byte[] State);

namespace ArtMqtt.Store.Speeds;

/// <summary>A short piece of a drive, at least 50 m.</summary>
/// <param name="Cell">Where (<see cref="SpeedGrid"/>).</param>
/// <param name="Distance">Metres.</param>
/// <param name="Seconds">With what was waited on it.</param>
/// <param name="Follows">Whether it begins where the one before ended.</param>
public readonly record struct Leg(int Cell, double Distance, double Seconds, bool Follows);

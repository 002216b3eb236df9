namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>One fix of a recording.</summary>
/// <param name="Time">Milliseconds since the recording's first fix.</param>
/// <param name="Latitude">Degrees north, as far as the wire carries it.</param>
/// <param name="Longitude">Degrees east, as far as the wire carries it.</param>
internal readonly record struct Fix(long Time, double Latitude, double Longitude);

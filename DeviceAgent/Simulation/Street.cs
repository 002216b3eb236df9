namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>How important a street is; the number is written to GeoJSON as <c>class</c>.</summary>
internal enum StreetClass
{
    /// <summary>Main road, 50 km/h.</summary>
    Main = 0,

    /// <summary>Collector, 40 km/h.</summary>
    Collector = 1,

    /// <summary>Residential street, 30 km/h.</summary>
    Residential = 2,
}

/// <summary>A crossing.</summary>
/// <param name="Id">Its index in the network.</param>
/// <param name="Place">Where it is.</param>
/// <param name="HasLights">Whether traffic lights stand there.</param>
internal sealed record Crossing(int Id, PlanePoint Place, bool HasLights);

/// <summary>A straight piece of street between two crossings; open in both directions.</summary>
/// <param name="From">Crossing at one end.</param>
/// <param name="To">Crossing at the other end.</param>
/// <param name="Class">How important it is.</param>
/// <param name="Name">Name of the street it is a piece of.</param>
/// <param name="IsTunnel">Whether there is no sky above it.</param>
internal sealed record StreetPiece(Crossing From, Crossing To, StreetClass Class, string Name, bool IsTunnel)
{
    /// <summary>Metres.</summary>
    public double Length { get; } = From.Place.DistanceTo(To.Place);

    /// <summary>Speed limit in m/s.</summary>
    public double Limit => Class switch
    {
        StreetClass.Main => 50 / 3.6,
        StreetClass.Collector => 40 / 3.6,
        _ => 30 / 3.6,
    };

    /// <summary>The end that is not the given one.</summary>
    public Crossing Other(Crossing end) => end.Id == From.Id ? To : From;
}

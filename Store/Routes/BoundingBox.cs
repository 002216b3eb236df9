namespace ArtMqtt.Store.Routes;

/// <summary>A box of degrees, its edges included. West is greater than east when it goes over the date line.</summary>
/// <param name="West">Degrees east, -180 to 180.</param>
/// <param name="South">Degrees north, -90 to 90.</param>
/// <param name="East">Degrees east, -180 to 180.</param>
/// <param name="North">Degrees north, -90 to 90.</param>
public readonly record struct BoundingBox(double West, double South, double East, double North)
{
    /// <summary>Whether the box goes over the date line.</summary>
    public bool CrossesDateLine => West > East;

    /// <summary>Whether a place is in the box or on its edge.</summary>
    public bool Contains(double latitude, double longitude) =>
        latitude >= South && latitude <= North
        && (CrossesDateLine ? longitude >= West || longitude <= East : longitude >= West && longitude <= East);
}

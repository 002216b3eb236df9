namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>A place in metres from the centre of a <see cref="LocalPlane"/>.</summary>
/// <param name="East">Metres to the right.</param>
/// <param name="North">Metres up.</param>
internal readonly record struct PlanePoint(double East, double North)
{
    /// <summary>Distance from the centre, in metres.</summary>
    public double Length => Math.Sqrt((East * East) + (North * North));

    public static PlanePoint operator +(PlanePoint a, PlanePoint b) => new(a.East + b.East, a.North + b.North);

    public static PlanePoint operator -(PlanePoint a, PlanePoint b) => new(a.East - b.East, a.North - b.North);

    public static PlanePoint operator *(PlanePoint a, double factor) => new(a.East * factor, a.North * factor);

    /// <summary>Distance to another place, in metres.</summary>
    public double DistanceTo(PlanePoint other) => (other - this).Length;

    /// <summary>The same direction, 1 m long.</summary>
    public PlanePoint Unit() => Length > 0 ? this * (1 / Length) : new PlanePoint(0, 1);
}

using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>
/// A vehicle with a receiver: drives routes, stands between them, and gives one fix a second except in tunnels.
/// Deterministic: the same network and seed give the same fixes.
/// </summary>
internal sealed class Vehicle
{
    private readonly StreetNetwork _network;
    private readonly GpsNoise _noise;
    private StreetRoute? _route;
    private Driver? _driver;
    private double _heading;

    /// <summary>Stands at a crossing, a random one by default.</summary>
    public Vehicle(StreetNetwork network, int seed, Crossing? start = null)
    {
        _network = network;
        Random = new Random(seed);
        _noise = new GpsNoise(Random);
        Crossing = start ?? network.Crossings[Random.Next(network.Crossings.Count)];
        _heading = Random.NextDouble() * 359;
    }

    /// <summary>Its own generator, for everything that is decided for it.</summary>
    public Random Random { get; }

    /// <summary>Where it stands, or where the last route began.</summary>
    public Crossing Crossing { get; private set; }

    /// <summary>Whether it stands, at the end of its route or without one.</summary>
    public bool IsStanding => _driver?.HasArrived ?? true;

    /// <summary>Simulated seconds since it began.</summary>
    public double Seconds { get; private set; }

    /// <summary>True place, without the receiver's error.</summary>
    public PlanePoint Place => _route is null ? Crossing.Place : _route.PlaceAt(_driver!.Distance);

    /// <summary>True speed in m/s.</summary>
    public double Speed => _driver?.Speed ?? 0;

    /// <summary>Begins a route.</summary>
    /// <exception cref="ArgumentException">The route begins somewhere else.</exception>
    public void Follow(StreetRoute route)
    {
        var here = _route is not null && IsStanding ? _route.End : Crossing;
        if (route.Start.Id != here.Id)
        {
            throw new ArgumentException("The route does not begin where the vehicle stands.", nameof(route));
        }

        Crossing = here;
        _route = route;
        _driver = new Driver(route);
    }

    /// <summary>Where it will stand when the route is done.</summary>
    public Crossing Destination => _route?.End ?? Crossing;

    /// <summary>A second passes.</summary>
    /// <param name="fixTime">Time of the fix.</param>
    /// <returns>The fix, or null where the receiver sees no sky.</returns>
    public Position? Advance(DateTimeOffset fixTime)
    {
        _driver?.Drive(Seconds, 1);
        Seconds++;
        _noise.Advance();
        if (_route is not null && _route.PieceAt(_driver!.Distance).IsTunnel)
        {
            return null;
        }

        if (_route is not null && Speed > 0.5)
        {
            _heading = _network.Plane.HeadingOf(Place, _route.DirectionAt(_driver!.Distance));
        }

        var (latitude, longitude) = _network.Plane.ToDegrees(Place + _noise.Error);
        return new Position(latitude, longitude, fixTime)
        {
            Speed = (float)(Speed < 0.3 ? 0 : Math.Max(0, Speed + _noise.SpeedError)),
            Heading = (float)_heading % 360,
            Accuracy = (float)Math.Round(_noise.Accuracy, 1),
        };
    }
}

namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>Moves along a route within limits: speed, acceleration, braking, turns, red lights, the end.</summary>
internal sealed class Driver(StreetRoute route)
{
    /// <summary>Most acceleration, m/s².</summary>
    public const double Acceleration = 1.6;

    /// <summary>Braking that is planned with, m/s².</summary>
    public const double Braking = 2.0;

    /// <summary>Hardest braking (a light turns red ahead), m/s².</summary>
    public const double HardBraking = 3.5;

    private const double StopLine = 4;
    private const double Step = 0.1;

    private int _next;

    /// <summary>Metres from the start of the route.</summary>
    public double Distance { get; private set; }

    /// <summary>m/s.</summary>
    public double Speed { get; private set; }

    /// <summary>Whether the end is reached.</summary>
    public bool HasArrived => route.Length - Distance < 0.5 && Speed == 0;

    /// <summary>Drives on.</summary>
    /// <param name="from">Simulated time at the beginning, seconds.</param>
    /// <param name="seconds">How long.</param>
    public void Drive(double from, double seconds)
    {
        var steps = (int)Math.Round(seconds / Step);
        for (var i = 0; i < steps; i++)
        {
            Move(from + (i * Step));
        }
    }

    private void Move(double now)
    {
        var allowed = Math.Min(route.PieceAt(Distance).Limit, SpeedFor(route.Length, 0));
        for (var i = _next; i < route.Turns.Count; i++)
        {
            var turn = route.Turns[i];
            if (turn.Distance - Distance > 120)
            {
                break;
            }

            allowed = Math.Min(allowed, SpeedFor(turn.Distance, turn.Speed));
            if (MustStopAt(turn, now))
            {
                allowed = Math.Min(allowed, SpeedFor(turn.Distance - StopLine, 0));
            }
        }

        var speed = Math.Clamp(allowed, Speed - (HardBraking * Step), Speed + (Acceleration * Step));
        // Nobody creeps the last centimetres.
        Speed = speed < 0.3 && allowed < 0.3 ? 0 : Math.Max(0, speed);
        Distance = Math.Min(Distance + (Speed * Step), route.Length);
        while (_next < route.Turns.Count && route.Turns[_next].Distance <= Distance)
        {
            _next++;
        }
    }

    /// <summary>Red, and still possible to stop: who is nearly over the line drives on.</summary>
    private bool MustStopAt(RouteTurn turn, double now)
    {
        var left = turn.Distance - StopLine - Distance;
        return left > 0 && Speed * Speed / (2 * HardBraking) <= left
            && TrafficLights.IsRed(turn.Crossing, turn.FromSouthOrNorth, now);
    }

    /// <summary>The speed from which braking as planned reaches a speed at a place, one step ahead of time.</summary>
    private double SpeedFor(double distance, double speedThere)
    {
        var left = Math.Max(0, distance - Distance - (Speed * Step));
        return Math.Sqrt((speedThere * speedThere) + (2 * Braking * left));
    }
}

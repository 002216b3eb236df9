using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Makes up a route along a meridian: metres from its beginning, by second.</summary>
internal sealed class Drive(int seed = 7, DateTimeOffset? begin = null)
{
    private const double MetresPerDegree = 111_200;
    private readonly Random _random = new(seed);
    private readonly List<Position> _positions = [];
    private int _interval = 1;
    private double _metres;

    public int Second { get; private set; }

    public IReadOnlyList<Position> Positions => _positions;

    /// <summary>Where so many metres from the beginning are.</summary>
    public static Position Place(double metres, double aside = 0) =>
        new(48 + (metres / MetresPerDegree), 11 + (aside / MetresPerDegree / 0.669), DateTimeOffset.UnixEpoch);

    public Drive Every(int seconds)
    {
        _interval = seconds;
        return this;
    }

    /// <summary>Stands, with a noise of so many metres (standard deviation) that wanders as that of a receiver does.</summary>
    public Drive Stand(int seconds, double noise = 0)
    {
        var (north, east) = (0.0, 0.0);
        var kept = Math.Exp(-_interval / 60.0);
        for (var end = Second + seconds; Second < end;)
        {
            var fresh = noise * Math.Sqrt(1 - (kept * kept));
            (north, east) = ((kept * north) + (fresh * Gauss()), (kept * east) + (fresh * Gauss()));
            Add(Place(_metres + north, east));
        }

        return this;
    }

    public Drive Go(double metres, double speed, bool isReal = true)
    {
        var start = _metres;
        for (var done = 0.0; done < Math.Abs(metres);)
        {
            done = Math.Min(Math.Abs(metres), done + (speed * _interval));
            _metres = start + (done * Math.Sign(metres));
            Add(Place(_metres) with { Speed = isReal ? (float)speed : 0 });
        }

        return this;
    }

    /// <summary>Does so many things at random.</summary>
    public void GoSomewhere(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _ = _random.Next(6) switch
            {
                0 => Every(_random.Next(1, 90)),
                1 => Stand(_random.Next(1, 2_000), _random.Next(0, 60)),
                2 => Spike(_random.Next(-900, 900)),
                3 => Wait(_random.Next(1, 8_000)),
                4 => Jump(_random.Next(-2_000, 2_000)),
                _ => Go(_random.Next(-3_000, 3_000), _random.Next(1, 30)),
            };
        }
    }

    /// <summary>Some days at random: in motion, parked and silent, parked and awake.</summary>
    public void GoForDays(int days)
    {
        for (var end = Second + (days * 86_400); Second < end;)
        {
            GoSomewhere(8);
            _ = _random.Next(4) switch
            {
                0 => Wait(_random.Next(3_600, 100_000)),
                1 => Every(600).Stand(_random.Next(10_000, 120_000), _random.Next(0, 60)),
                _ => Wait(_random.Next(1, 20_000)),
            };
            Every(_random.Next(1, 60));
        }
    }

    public Drive Spike(double aside)
    {
        Add(Place(_metres, aside));
        return this;
    }

    public Drive Wait(int seconds)
    {
        Second += seconds;
        return this;
    }

    public Drive Jump(double metres)
    {
        _metres += metres;
        return this;
    }

    public IReadOnlyList<RoutePart> Detect(TripOptions? options = null) => Detect(_positions, options);

    public static IReadOnlyList<RoutePart> Detect(IEnumerable<Position> positions, TripOptions? options = null)
    {
        var detector = new TripDetector(options);
        var parts = new List<RoutePart>();
        foreach (var position in positions)
        {
            detector.Add(position);
            Take(detector, parts);
        }

        detector.Finish();
        Take(detector, parts);
        return parts;
    }

    private static void Take(TripDetector detector, List<RoutePart> parts)
    {
        while (detector.TryRead(out var part))
        {
            parts.Add(part);
        }
    }

    private void Add(Position position)
    {
        _positions.Add(position with { FixTime = (begin ?? DateTimeOffset.UnixEpoch).AddSeconds(Second) });
        Second += _interval;
    }

    private double Gauss() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}

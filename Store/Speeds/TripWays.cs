namespace ArtMqtt.Store.Speeds;

/// <summary>What the fleet's trips were like, in classes of the straight distance between their ends.</summary>
/// <param name="classes">By the number of the class.</param>
public sealed class TripWays(IReadOnlyDictionary<int, TripClass> classes)
{
    private static readonly double[] _bounds = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000];

    /// <summary>Metres in a straight line that each class but the first begins at.</summary>
    public static ReadOnlySpan<double> ClassBounds => _bounds;

    /// <summary>
    /// Most metres driven per metre in a straight line to be learned from: who drives more did not go straight to a place.
    /// </summary>
    public const double MaxDetour = 2;

    /// <summary>Nothing is known.</summary>
    public static TripWays None { get; } = new(new Dictionary<int, TripClass>());

    /// <summary>The trips over a straight distance, or null when there were none.</summary>
    /// <param name="straight">Metres.</param>
    public TripClass? Find(double straight) => classes.GetValueOrDefault(ClassOf(straight));

    /// <summary>The number of the class of a straight distance in metres.</summary>
    public static int ClassOf(double straight)
    {
        var number = 0;
        while (number < _bounds.Length && straight >= _bounds[number])
        {
            number++;
        }

        return number;
    }
}

/// <summary>Trips over about the same straight distance.</summary>
/// <param name="Trips">How many.</param>
/// <param name="LowDetour">Metres driven per metre in a straight line, of the tenth of them with the straightest way.</param>
/// <param name="Detour">The same of the one in the middle.</param>
/// <param name="HighDetour">The same of the tenth with the longest way.</param>
/// <param name="Pace">Seconds per metre driven, of the one in the middle, with what was waited in traffic.</param>
public sealed record TripClass(int Trips, double LowDetour, double Detour, double HighDetour, double Pace);

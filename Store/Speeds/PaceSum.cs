namespace ArtMqtt.Store.Speeds;

/// <summary>How quickly a place was passed, added up; sums can be added and taken away again.</summary>
/// <param name="Traversals">How often.</param>
/// <param name="Distance">Metres, straight from one place 50 m on to the next.</param>
/// <param name="Seconds">With waiting at lights and in queues, without parking.</param>
/// <param name="Square">Sum of seconds² / metres of each traversal; its spread follows from it.</param>
public readonly record struct PaceSum(int Traversals, double Distance, double Seconds, double Square)
{
    /// <summary>Seconds per metre; only when there is a distance.</summary>
    public double Pace => Seconds / Distance;

    /// <summary>Variance of the pace between traversals as a part of its square, by distance; 0 when nothing is known.</summary>
    public double RelativeVariance => Seconds <= 0 ? 0 : Math.Max(0, (Square * Distance / (Seconds * Seconds)) - 1);

    /// <summary>Both.</summary>
    public static PaceSum operator +(PaceSum a, PaceSum b) =>
        new(a.Traversals + b.Traversals, a.Distance + b.Distance, a.Seconds + b.Seconds, a.Square + b.Square);

    /// <summary>The first without the second.</summary>
    public static PaceSum operator -(PaceSum a, PaceSum b) =>
        new(a.Traversals - b.Traversals, a.Distance - b.Distance, a.Seconds - b.Seconds, a.Square - b.Square);
}

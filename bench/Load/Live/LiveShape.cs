using System.Globalization;

namespace ArtMqtt.Load.Live;

/// <summary>Who watches what, and how much happens.</summary>
/// <param name="Requests">Requests, each with an operator that publishes.</param>
/// <param name="Watchers">Watchers of each.</param>
/// <param name="PerSecond">Positions of each request in a second.</param>
internal sealed record LiveShape(int Requests, int Watchers, double PerSecond)
{
    /// <summary>Connections of watchers.</summary>
    public int Connections => Requests * Watchers;

    /// <summary>Deliveries per second that are asked for.</summary>
    public double Offered => Connections * PerSecond;

    /// <summary>Reads <c>requests x watchers @ rate</c>, for example <c>1x1000@8</c>.</summary>
    public static LiveShape Parse(string text)
    {
        var parts = text.Split('x', '@');
        return new LiveShape(
            int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture),
            double.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Requests}x{Watchers}@{PerSecond}");
}

namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>
/// The error of a receiver: it wanders slowly (a Gauss-Markov process) instead of jumping, and is never larger than
/// <see cref="MaxError"/>. The accuracy it reports fits the error it makes.
/// </summary>
internal sealed class GpsNoise(Random random)
{
    /// <summary>Largest error in metres, in each direction.</summary>
    public const double MaxError = 9;

    private const double Sigma = 2.4;
    private const double CorrelationSeconds = 25;

    private double _east = Sigma * (random.NextDouble() - 0.5);
    private double _north = Sigma * (random.NextDouble() - 0.5);
    private double _quality;

    /// <summary>The error now.</summary>
    public PlanePoint Error => new(_east, _north);

    /// <summary>Reported accuracy in metres (68 %).</summary>
    public double Accuracy => Sigma * 1.5 * (1 + (0.4 * Math.Tanh(_quality)));

    /// <summary>Error of the reported speed in m/s.</summary>
    public double SpeedError { get; private set; }

    /// <summary>A second passes.</summary>
    public void Advance()
    {
        _east = Wander(_east, Sigma, MaxError);
        _north = Wander(_north, Sigma, MaxError);
        _quality = Wander(_quality, 1, 3);
        SpeedError = Math.Clamp(0.12 * Gauss(), -0.4, 0.4);
    }

    private double Wander(double value, double sigma, double most)
    {
        var keep = Math.Exp(-1 / CorrelationSeconds);
        return Math.Clamp((value * keep) + (sigma * Math.Sqrt(1 - (keep * keep)) * Gauss()), -most, most);
    }

    private double Gauss() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

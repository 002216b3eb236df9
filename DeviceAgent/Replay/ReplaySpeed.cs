using System.Globalization;

namespace ArtMqtt.DeviceAgent.Replay;

/// <summary>How many times faster than recorded; <see cref="Max"/> does not wait at all.</summary>
internal readonly record struct ReplaySpeed(double Factor)
{
    /// <summary>As fast as the server takes it.</summary>
    public static readonly ReplaySpeed Max = new(double.PositiveInfinity);

    /// <summary>Whether nothing is waited for.</summary>
    public bool IsMax => double.IsPositiveInfinity(Factor);

    /// <summary>Reads <c>max</c> or a number above 0, at most 10,000.</summary>
    public static bool TryParse(string? text, out ReplaySpeed speed)
    {
        speed = Max;
        if (text == "max")
        {
            return true;
        }

        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor);
        speed = new ReplaySpeed(factor);
        return isNumber && factor is > 0 and <= 10_000;
    }
}

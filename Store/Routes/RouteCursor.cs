using System.Globalization;

namespace ArtMqtt.Store.Routes;

/// <summary>Where a page of a route ends. Two devices of one request may have a position at the same time.</summary>
/// <param name="FixTime">Fix time of the last position, UTC.</param>
/// <param name="DeviceKey">What reported it.</param>
public readonly record struct RouteCursor(DateTimeOffset FixTime, int DeviceKey)
{
    /// <summary>The cursor behind a position.</summary>
    public static RouteCursor Of(RoutePoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return new RouteCursor(point.Position.FixTime, point.DeviceKey);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out RouteCursor cursor)
    {
        ArgumentNullException.ThrowIfNull(text);
        cursor = default;
        var separator = text.IndexOf('_', StringComparison.Ordinal);
        if (separator < 0
            || !long.TryParse(text.AsSpan(0, separator), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks
            || !int.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var key))
        {
            return false;
        }

        cursor = new RouteCursor(new DateTimeOffset(ticks, TimeSpan.Zero), key);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{FixTime.UtcTicks}_{DeviceKey}");
}

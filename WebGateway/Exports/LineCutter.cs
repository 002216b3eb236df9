using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>How a position stands to the one before.</summary>
internal enum LineStep
{
    /// <summary>The line goes on.</summary>
    GoesOn,

    /// <summary>The same device after a gap.</summary>
    AfterGap,

    /// <summary>Another device, or the first.</summary>
    OtherDevice,
}

/// <summary>Finds where lines of positions end: at gaps, at another device, and at the date line where that matters.</summary>
internal sealed class LineCutter(TimeSpan maxGap)
{
    private RoutePoint? _last;

    /// <summary>Whether a step over the date line counts as a gap.</summary>
    public bool CutsAtDateLine { get; init; }

    public LineStep Next(RoutePoint point)
    {
        var last = _last;
        _last = point;
        return last is null || last.DeviceKey != point.DeviceKey ? LineStep.OtherDevice
            : point.Position.FixTime - last.Position.FixTime > maxGap ? LineStep.AfterGap
            : CutsAtDateLine && Math.Abs(point.Position.Longitude - last.Position.Longitude) > 180 ? LineStep.AfterGap
            : LineStep.GoesOn;
    }
}

using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Where something was at one moment.</summary>
/// <param name="Time">The moment.</param>
/// <param name="Lat">Degrees north, -90 to 90.</param>
/// <param name="Lng">Degrees east, -180 to 180.</param>
/// <param name="Speed">Metres per second over ground, or null.</param>
/// <param name="Heading">Degrees clockwise from true north, or null.</param>
/// <param name="Accuracy">Metres, or null.</param>
/// <param name="Altitude">Metres above mean sea level, or null.</param>
/// <param name="Interpolated">Whether it was computed from the positions before and after; else it is stored like this.</param>
/// <param name="Before">Fix time of the stored position before the moment, or at it.</param>
/// <param name="After">Fix time of the stored position after the moment, or at it.</param>
internal sealed record InstantView(
    DateTimeOffset Time, double Lat, double Lng, float? Speed, float? Heading, float? Accuracy, float? Altitude,
    bool Interpolated, DateTimeOffset Before, DateTimeOffset After)
{
    public static InstantView Of(RouteInstant instant)
    {
        var at = instant.Position;
        return new InstantView(
            at.FixTime, at.Latitude, at.Longitude, at.Speed, at.Heading, at.Accuracy, at.Altitude,
            instant.IsInterpolated, instant.Before, instant.After);
    }
}

/// <summary>A place a trip began or ended at.</summary>
/// <param name="Time">Fix time.</param>
/// <param name="Lat">Degrees north, -90 to 90.</param>
/// <param name="Lng">Degrees east, -180 to 180.</param>
internal sealed record TripEnd(DateTimeOffset Time, double Lat, double Lng)
{
    public static TripEnd Of(in Position position) => new(position.FixTime, position.Latitude, position.Longitude);
}

/// <summary>A part of a route in motion.</summary>
/// <param name="Start">Where and when it began.</param>
/// <param name="End">Where and when it ended.</param>
/// <param name="DistanceMeters">Metres over ground.</param>
/// <param name="DurationSeconds">Seconds from start to end.</param>
/// <param name="AverageSpeed">Metres per second, waiting included.</param>
/// <param name="MaxSpeed">The highest reported speed, metres per second; null when none was reported.</param>
internal sealed record TripView(
    TripEnd Start, TripEnd End, double DistanceMeters, double DurationSeconds, double AverageSpeed, float? MaxSpeed)
{
    public static TripView Of(RouteTrip trip) => new(
        TripEnd.Of(trip.Start), TripEnd.Of(trip.End), trip.Distance, trip.Duration.TotalSeconds, trip.AverageSpeed,
        trip.MaxSpeed);
}

/// <summary>A part of a route that stands still.</summary>
/// <param name="From">Fix time of its first position.</param>
/// <param name="To">Fix time of its last position.</param>
/// <param name="Lat">Degrees north of its middle.</param>
/// <param name="Lng">Degrees east of its middle.</param>
/// <param name="DurationSeconds">Seconds from first to last.</param>
internal sealed record StopView(DateTimeOffset From, DateTimeOffset To, double Lat, double Lng, double DurationSeconds)
{
    public static StopView Of(RouteStop stop) =>
        new(stop.From, stop.To, stop.Latitude, stop.Longitude, stop.Duration.TotalSeconds);
}

/// <summary>A box of degrees; west is greater than east when it goes over the date line.</summary>
internal sealed record BoxView(double West, double South, double East, double North)
{
    public static BoxView? Of(BoundingBox? box) =>
        box is { } b ? new BoxView(b.West, b.South, b.East, b.North) : null;
}

/// <summary>What a route amounts to.</summary>
/// <param name="Positions">How many positions it has.</param>
/// <param name="DistanceMeters">Metres over ground.</param>
/// <param name="MovingSeconds">Seconds at 1 km/h or faster.</param>
/// <param name="MaxSpeed">The highest reported speed, metres per second; null when none was reported.</param>
/// <param name="FirstTime">Fix time of the first position, or null.</param>
/// <param name="LastTime">Fix time of the last position, or null.</param>
/// <param name="Box">The box around all positions, or null.</param>
internal sealed record SummaryView(
    int Positions, double DistanceMeters, double MovingSeconds, float? MaxSpeed, DateTimeOffset? FirstTime,
    DateTimeOffset? LastTime, BoxView? Box)
{
    public static SummaryView Of(RouteSummary summary) => new(
        summary.Positions, summary.Distance, summary.Moving.TotalSeconds, summary.MaxSpeed, summary.FirstFixTime,
        summary.LastFixTime, BoxView.Of(summary.Box));
}

/// <summary>A device that was in an area.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="FirstTime">Fix time of its first position inside.</param>
/// <param name="LastTime">Fix time of its last position inside; it may have left in between.</param>
/// <param name="Positions">How many positions lie inside.</param>
internal sealed record PresenceView(string DeviceId, DateTimeOffset FirstTime, DateTimeOffset LastTime, long Positions)
{
    public static PresenceView Of(Presence presence) =>
        new(presence.DeviceId, presence.FirstFixTime, presence.LastFixTime, presence.Positions);
}

/// <summary>A page of devices that were in an area, in the order of their ids.</summary>
/// <param name="Items">The devices.</param>
/// <param name="Cursor">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record PresencePage(IReadOnlyList<PresenceView> Items, string? Cursor)
{
    /// <param name="found">The devices; one more than the limit when there are more.</param>
    /// <param name="limit">Most devices shown.</param>
    public static PresencePage Of(IReadOnlyList<Presence> found, int limit) => new(
        [.. found.Take(limit).Select(PresenceView.Of)], found.Count > limit ? found[limit - 1].DeviceId : null);
}

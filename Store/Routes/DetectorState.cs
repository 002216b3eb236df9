using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>How the parts of a detector's state are written; places on the ground are made from their degrees again.</summary>
internal static class DetectorState
{
    public static void WriteTime(this BinaryWriter writer, DateTimeOffset? time) => writer.Write(time?.UtcTicks ?? -1);

    public static DateTimeOffset? ReadTime(this BinaryReader reader) =>
        reader.ReadInt64() is var ticks && ticks >= 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    public static void WritePlace(this BinaryWriter writer, in Geocentric place)
    {
        writer.Write(place.X);
        writer.Write(place.Y);
        writer.Write(place.Z);
    }

    public static Geocentric ReadPlace(this BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());

    public static void WriteWaypoint(this BinaryWriter writer, Waypoint? waypoint)
    {
        writer.Write(waypoint is not null);
        if (waypoint is { } known)
        {
            writer.Write(known.Position.Latitude);
            writer.Write(known.Position.Longitude);
            writer.WriteTime(known.Time);
            writer.WriteSpeed(known.Position.Speed);
            writer.Write(known.Distance);
            writer.Write(known.Moving.Ticks);
            writer.WriteSpeed(known.MaxSpeed);
        }
    }

    public static Waypoint? ReadWaypoint(this BinaryReader reader)
    {
        if (!reader.ReadBoolean())
        {
            return null;
        }

        var position = new Position(reader.ReadDouble(), reader.ReadDouble(), reader.ReadTime()!.Value)
        {
            Speed = reader.ReadSpeed(),
        };
        return Waypoint.Of(position) with
        {
            Distance = reader.ReadDouble(),
            Moving = new TimeSpan(reader.ReadInt64()),
            MaxSpeed = reader.ReadSpeed(),
        };
    }

    private static void WriteSpeed(this BinaryWriter writer, float? speed)
    {
        writer.Write(speed is not null);
        writer.Write(speed ?? 0);
    }

    private static float? ReadSpeed(this BinaryReader reader) =>
        reader.ReadBoolean() is var isKnown && reader.ReadSingle() is var speed && isKnown ? speed : null;
}

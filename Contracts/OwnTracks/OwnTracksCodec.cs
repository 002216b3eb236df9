using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.OwnTracks;

/// <summary>
/// Messages of OwnTracks apps, one JSON object or an array of them. <c>location</c>, and <c>transition</c> with a
/// place, are positions; what else the apps send is good but says nothing about where a device is.
/// </summary>
public static class OwnTracksCodec
{
    private const string Unknown = "unknown";

    private static readonly HashSet<string> _others = new(StringComparer.Ordinal)
    {
        "beacon", "card", "cmd", "configuration", "dump", "lwt", "request", "status", "steps", "waypoint", "waypoints",
    };

    /// <summary>Decodes a payload. An empty one is good and says nothing: apps clear retained messages with it.</summary>
    /// <param name="payload">One message or an array.</param>
    /// <param name="into">Takes what was found.</param>
    public static void Decode(ReadOnlyMemory<byte> payload, DecodedMessages into)
    {
        if (payload.IsEmpty)
        {
            into.Pass("empty");
            return;
        }

        LenientJson.ReadMessages(payload, into, Read);
    }

    private static void Read(JsonElement message, DecodedMessages into)
    {
        switch (LenientJson.Text(message, "_type"))
        {
            case "location":
                into.Add(PositionOf(message));
                break;
            case "transition" when LenientJson.Number(message, "lat") is not null:
                into.Add(PositionOf(message));
                break;
            case "transition":
                // At a beacon, which has no place.
                into.Pass("transition");
                break;
            case "encrypted":
                into.Refuse(PositionError.Encrypted());
                break;
            case { } type:
                into.Pass(_others.Contains(type) ? type : Unknown);
                break;
            default:
                into.Refuse(PositionError.Missing("_type"));
                break;
        }
    }

    private static LenientPosition PositionOf(JsonElement message) => new()
    {
        Latitude = LenientJson.Number(message, "lat"),
        Longitude = LenientJson.Number(message, "lon"),
        FixTimeMs = LenientJson.Number(message, "tst") * 1000,
        TimeName = "tst",
        Speed = LenientPosition.OfKilometresPerHour(LenientJson.Number(message, "vel")),
        Heading = LenientJson.Number(message, "cog"),
        Accuracy = LenientJson.Number(message, "acc"),
        Altitude = LenientJson.Number(message, "alt"),
        Battery = LenientJson.Number(message, "batt"),
    };
}

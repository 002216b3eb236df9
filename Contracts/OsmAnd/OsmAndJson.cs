using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.OsmAnd;

/// <summary>
/// The JSON of Traccar Client: <c>{"device_id","location":{"timestamp","coords":{…},"battery":{…}}}</c>, where
/// <c>location</c> may be an array, with m/s; or the fields of the query form as an object or an array of them.
/// </summary>
internal static class OsmAndJson
{
    public static void Decode(ReadOnlyMemory<byte> payload, DateTimeOffset receivedAt, DecodedMessages into) =>
        LenientJson.ReadMessages(payload, into, (message, found) => Read(message, receivedAt, found));

    private static void Read(JsonElement message, DateTimeOffset receivedAt, DecodedMessages into)
    {
        if (!message.TryGetProperty("location", out var location)
            || location.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            ReadFlat(message, receivedAt, into);
            return;
        }

        into.NoteDevice(LenientJson.Text(message, "device_id") ?? LenientJson.Text(message, "id"));
        if (location.ValueKind == JsonValueKind.Object)
        {
            ReadLocation(location, receivedAt, into);
        }
        else
        {
            foreach (var one in location.EnumerateArray())
            {
                ReadLocation(one, receivedAt, into);
            }
        }
    }

    private static void ReadFlat(JsonElement message, DateTimeOffset receivedAt, DecodedMessages into)
    {
        var fields = new OsmAndFields();
        foreach (var member in message.EnumerateObject())
        {
            if (LenientJson.Text(member.Value) is { } value)
            {
                fields.Set(member.NameEquals("device_id") ? "id" : member.Name, value);
            }
        }

        fields.Complete(receivedAt, into);
    }

    private static void ReadLocation(JsonElement location, DateTimeOffset receivedAt, DecodedMessages into)
    {
        if (location.ValueKind != JsonValueKind.Object
            || !location.TryGetProperty("coords", out var coords) || coords.ValueKind != JsonValueKind.Object)
        {
            into.Refuse(PositionError.Missing("coords"));
            return;
        }

        var time = LenientJson.Text(location, "timestamp") is { } text
            ? OsmAndTime.Parse(text)
            : receivedAt.ToUnixTimeMilliseconds();
        into.Add(new LenientPosition
        {
            Latitude = LenientJson.Number(coords, "latitude"),
            Longitude = LenientJson.Number(coords, "longitude"),
            FixTimeMs = time,
            Speed = LenientJson.Number(coords, "speed"),
            Heading = LenientJson.Number(coords, "heading"),
            Accuracy = LenientJson.Number(coords, "accuracy"),
            Altitude = LenientJson.Number(coords, "altitude"),
            Battery = location.TryGetProperty("battery", out var battery) && battery.ValueKind == JsonValueKind.Object
                ? LenientJson.Number(battery, "level") * 100
                : null,
        });
    }
}

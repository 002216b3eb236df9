using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.Live;

/// <summary>Events as JSON and back, for where they are kept. The fields are those of the wire.</summary>
public static class LiveEventJson
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The fields of an event; its name stands beside them.</summary>
    public static string Write(LiveEvent liveEvent) => JsonSerializer.Serialize(liveEvent, liveEvent.GetType(), _options);

    /// <summary>The event, or null when there is no such kind or these are not its fields.</summary>
    public static LiveEvent? TryRead(string name, string json)
    {
        try
        {
            return name switch
            {
                LocationEvent.OperatorName => Read<LocationEvent>(json) with { Role = PositionRole.Operator },
                LocationEvent.CustomerName => Read<LocationEvent>(json) with { Role = PositionRole.Customer },
                StatusEvent.WireName => Read<StatusEvent>(json),
                PresenceEvent.WireName => Read<PresenceEvent>(json),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, _options) ?? throw new JsonException("null is no event.");
}

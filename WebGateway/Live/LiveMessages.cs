using System.Text.Json.Serialization;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>The argument of <c>operator:location</c> and <c>customer:location</c>.</summary>
internal sealed record LocationMessage(
    Guid RequestId, string Epoch, long Seq, double Lat, double Lng, long Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Speed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Heading,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Accuracy);

/// <summary>The argument of <c>request:status:updated</c>.</summary>
internal sealed record StatusMessage(
    Guid RequestId, string Epoch, long Seq, RequestStatus Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RequestStatus? Previous,
    long At, string By);

/// <summary>The argument of <c>operator:presence</c>.</summary>
internal sealed record PresenceMessage(Guid RequestId, string Epoch, long Seq, string State, long Since);

/// <summary>The argument of <c>share:ended</c>.</summary>
internal sealed record ShareEndedMessage(Guid RequestId, string Epoch, long Seq, string Code);

/// <summary>Puts events into the form that browsers get.</summary>
internal static class LiveMessages
{
    public static object Of(Guid requestId, NumberedEvent numbered)
    {
        var (epoch, sequence) = numbered.Cursor;
        return numbered.Event switch
        {
            LocationEvent e => new LocationMessage(
                requestId, epoch, sequence, e.Lat, e.Lng, e.Timestamp, e.Speed, e.Heading, e.Accuracy),
            StatusEvent e => new StatusMessage(requestId, epoch, sequence, e.Status, e.Previous, e.At, e.By),
            PresenceEvent e => new PresenceMessage(requestId, epoch, sequence, e.State, e.Since),
            ShareEndedEvent e => new ShareEndedMessage(requestId, epoch, sequence, e.Code),
            var other => throw new NotSupportedException($"No message for {other.Name}."),
        };
    }
}

using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Bench;

/// <summary>What sending positions costs: a model, the same for every row of the table.</summary>
internal static class Cost
{
    // PUBLISH: type and length, topic length, packet id, property length, content type; the PUBACK to it; for each of
    // the two a TLS record (29) and TCP and IPv4 headers (40).
    private static readonly int _overhead = 2 + 2 + 2 + 1 + 3 + PositionCodec.ProtobufContentType.Length
        + Topics.DevicePosition("vehicle-1").Length + 4 + (2 * (29 + 40));

    // After a transfer a phone network keeps the radio up for about this long.
    private const double Tail = 10;

    /// <summary>Bytes on the air, one PUBLISH for each.</summary>
    public static long Bytes(IEnumerable<Position> kept) =>
        kept.Sum(p => (long)PositionCodec.Encode([p], PositionFormat.Protobuf).Length + _overhead);

    /// <summary>Seconds with the radio on.</summary>
    public static double RadioSeconds(IReadOnlyList<Position> kept)
    {
        var seconds = 0.0;
        for (var i = 0; i < kept.Count; i++)
        {
            seconds += i + 1 < kept.Count
                ? Math.Min(Tail, (kept[i + 1].FixTime - kept[i].FixTime).TotalSeconds)
                : Tail;
        }

        return seconds;
    }
}

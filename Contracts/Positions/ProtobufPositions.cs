using ArtMqtt.Contracts.Protobuf;
using Google.Protobuf;

namespace ArtMqtt.Contracts.Positions;

/// <summary>Positions as <c>position.proto</c>.</summary>
internal static class ProtobufPositions
{
    private const double Scale = 1e7;
    private const byte BatchTag = (PositionBatchMessage.PositionsFieldNumber << 3) | 2;

    // DateTimeOffset's own range; anything outside is no time at all.
    private static readonly long _minMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _maxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static bool TryDecode(
        ReadOnlySpan<byte> payload, int maxPositions, List<Position> positions, out PositionError error)
    {
        try
        {
            if (payload[0] != BatchTag)
            {
                return TryAdd(PositionMessage.Parser.ParseFrom(payload), positions, out error);
            }

            var batch = PositionBatchMessage.Parser.ParseFrom(payload).Positions;
            if (batch.Count > maxPositions)
            {
                error = PositionError.TooMany(maxPositions);
                return false;
            }

            error = default;
            foreach (var message in batch)
            {
                if (!TryAdd(message, positions, out error))
                {
                    return false;
                }
            }

            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            error = PositionError.Malformed("The payload is neither JSON nor a message of position.proto.");
            return false;
        }
    }

    public static byte[] Encode(ReadOnlySpan<Position> positions)
    {
        if (positions.Length == 1)
        {
            return ToMessage(positions[0]).ToByteArray();
        }

        var batch = new PositionBatchMessage();
        foreach (var position in positions)
        {
            batch.Positions.Add(ToMessage(position));
        }

        return batch.ToByteArray();
    }

    private static bool TryAdd(PositionMessage message, List<Position> positions, out PositionError error)
    {
        if (!message.HasLatE7 || !message.HasLngE7)
        {
            error = PositionError.Missing(message.HasLatE7 ? "lng_e7" : "lat_e7");
            return false;
        }

        if (message.TimeMs == 0 || message.TimeMs < _minMs || message.TimeMs > _maxMs)
        {
            error = PositionError.Missing("time_ms");
            return false;
        }

        if (message is { HasBattery: true, Battery: > 100 })
        {
            error = PositionError.OutOfRange("battery", "0 to 100");
            return false;
        }

        var position = new Position(
            message.LatE7 / Scale, message.LngE7 / Scale, DateTimeOffset.FromUnixTimeMilliseconds(message.TimeMs))
        {
            Speed = message.HasSpeed ? message.Speed : null,
            Heading = message.HasHeading ? message.Heading : null,
            Accuracy = message.HasAccuracy ? message.Accuracy : null,
            Altitude = message.HasAltitude ? message.Altitude : null,
            Battery = message.HasBattery ? (byte)message.Battery : null,
            Sequence = message.HasSeq ? message.Seq : null,
        };
        if (!PositionRules.IsValid(position, out error))
        {
            return false;
        }

        positions.Add(position);
        return true;
    }

    private static PositionMessage ToMessage(in Position position)
    {
        var message = new PositionMessage
        {
            LatE7 = (int)Math.Round(position.Latitude * Scale),
            LngE7 = (int)Math.Round(position.Longitude * Scale),
            TimeMs = position.FixTime.ToUnixTimeMilliseconds(),
        };
        if (position.Speed is { } speed) { message.Speed = speed; }
        if (position.Heading is { } heading) { message.Heading = heading; }
        if (position.Accuracy is { } accuracy) { message.Accuracy = accuracy; }
        if (position.Altitude is { } altitude) { message.Altitude = altitude; }
        if (position.Battery is { } battery) { message.Battery = battery; }
        if (position.Sequence is { } sequence) { message.Seq = sequence; }
        return message;
    }
}

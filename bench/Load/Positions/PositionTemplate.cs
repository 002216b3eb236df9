using System.Buffers.Binary;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Load.Positions;

/// <summary>
/// A Protobuf position encoded once by <see cref="PositionCodec"/>; time, place and sequence are then patched in place,
/// so that the load costs no encoder.
/// </summary>
/// <remarks>
/// Every changing field keeps its length: the coordinates are fixed32, a time in ms has six varint bytes from 2004 to
/// 2109, and sequences from 2^21 to 2^28 have four.
/// </remarks>
internal static class PositionTemplate
{
    /// <summary>Lowest sequence, so that its varint has four bytes.</summary>
    public const uint FirstSequence = 1 << 21;

    private const uint EndOfSequences = 1 << 28;
    private const int LatAt = 1;
    private const int LngAt = 6;
    private const int TimeAt = 11;
    private const int TimeBytes = 6;
    private const int SequenceBytes = 4;

    /// <summary>Encodes a position whose fields are all set, as a vehicle sends them.</summary>
    public static byte[] Create()
    {
        var position = new Position(59.3, 18.1, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000))
        {
            Speed = 13.9f,
            Heading = 87.5f,
            Accuracy = 4.2f,
            Altitude = 31f,
            Battery = 88,
            Sequence = FirstSequence,
        };
        var payload = PositionCodec.Encode([position], PositionFormat.Protobuf);
        Patch(payload, 123_456_789, -987_654_321, 1_800_000_000_123, FirstSequence + 4711);
        Verify(payload, 12.3456789, -98.7654321, 1_800_000_000_123, FirstSequence + 4711);
        return payload;
    }

    /// <summary>Sets what changes from one position to the next.</summary>
    public static void Patch(Span<byte> payload, int latE7, int lngE7, long timeMs, uint sequence)
    {
        BinaryPrimitives.WriteInt32LittleEndian(payload[LatAt..], latE7);
        BinaryPrimitives.WriteInt32LittleEndian(payload[LngAt..], lngE7);
        WriteVarint(payload.Slice(TimeAt, TimeBytes), (ulong)timeMs);
        WriteVarint(payload[^SequenceBytes..], FirstSequence + ((sequence - FirstSequence) % (EndOfSequences - FirstSequence)));
    }

    private static void WriteVarint(Span<byte> target, ulong value)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)((value & 0x7F) | (i + 1 < target.Length ? 0x80u : 0));
            value >>= 7;
        }
    }

    // Holds the template to the codec: if position.proto changes its layout, nothing wrong is ever sent.
    private static void Verify(byte[] payload, double latitude, double longitude, long timeMs, uint sequence)
    {
        var decoded = new List<Position>(1);
        if (!PositionCodec.TryDecode(payload, PositionCodec.ProtobufContentType, 1, decoded, out var error)
            || decoded[0].Latitude != latitude || decoded[0].Longitude != longitude
            || decoded[0].FixTime.ToUnixTimeMilliseconds() != timeMs || decoded[0].Sequence != sequence)
        {
            throw new InvalidOperationException($"The position template does not decode to what was patched. {error}");
        }
    }
}

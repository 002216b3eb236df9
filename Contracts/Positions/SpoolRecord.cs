using System.Buffers.Binary;
using System.Text;
using ArtMqtt.Contracts.Devices;

namespace ArtMqtt.Contracts.Positions;

/// <summary>
/// The bytes between broker and ingest: a version byte, a kind byte, then <see cref="ReceivedPositions"/>,
/// <see cref="RejectedPayload"/> or <see cref="DeviceEvent"/>, little-endian. Spools outlive upgrades: a new layout gets a new version byte.
/// </summary>
public static class SpoolRecord
{
    internal const byte Version = 1;
    internal const byte PositionsKind = 1;
    // As they were written before there were content type, dialect and size.
    private const byte PlainRejectedKind = 2;
    private const byte EventKind = 3;
    private const byte RejectedKind = 4;
    private const int MaxHeaderBytes = 2 + 1 + 4 + 8 + 16 + 1 + DeviceIds.MaxLength + 2;
    private const int MaxPositionBytes = 1 + 8 + 8 + 8 + (4 * 4) + 1 + 4;

    // Topics, codes and details that we write are a few hundred bytes.
    private const int MaxRejectedBytes = RejectedPayload.MaxPayload + 2048;

    [Flags]
    internal enum Has : byte
    {
        None = 0, Speed = 1, Heading = 2, Accuracy = 4, Altitude = 8, Battery = 16, Sequence = 32, ClockSuspect = 64,
    }

    /// <summary>Most bytes of a record with this many positions, or of a dead letter if that is more.</summary>
    public static int MaxBytes(int positions) =>
        Math.Max(MaxHeaderBytes + (positions * MaxPositionBytes), MaxRejectedBytes);

    /// <summary>Encodes the positions of one publish.</summary>
    public static byte[] Encode(ReceivedPositions received)
    {
        var size = 2 + 1 + 4 + 8 + 16 + 1 + Encoding.UTF8.GetByteCount(received.DeviceId) + 2;
        foreach (var item in received.Positions)
        {
            size += SizeOf(item.Position);
        }

        var bytes = new byte[size];
        var writer = new Writer(bytes);
        writer.Byte(Version);
        writer.Byte(PositionsKind);
        writer.Byte((byte)received.Role);
        writer.Int32(received.DeviceKey);
        writer.Int64(received.ReceivedAt.ToUnixTimeMilliseconds());
        writer.Guid(received.RequestId ?? Guid.Empty);
        writer.ShortText(received.DeviceId);
        writer.UInt16(checked((ushort)received.Positions.Count));
        foreach (var item in received.Positions)
        {
            Write(ref writer, item);
        }

        return bytes;
    }

    /// <summary>Encodes a dead letter; a payload beyond <see cref="RejectedPayload.MaxPayload"/> is cut.</summary>
    public static byte[] Encode(RejectedPayload rejected)
    {
        var payload = rejected.Payload.Span[..Math.Min(rejected.Payload.Length, RejectedPayload.MaxPayload)];
        var contentType = Cut(rejected.ContentType ?? "", RejectedPayload.MaxContentType);
        var size = 2 + 8 + 4
            + 2 + Encoding.UTF8.GetByteCount(contentType) + 1 + Encoding.UTF8.GetByteCount(rejected.Dialect ?? "")
            + 1 + Encoding.UTF8.GetByteCount(rejected.DeviceId) + 2 + Encoding.UTF8.GetByteCount(rejected.Topic)
            + 2 + Encoding.UTF8.GetByteCount(rejected.Code) + 2 + Encoding.UTF8.GetByteCount(rejected.Detail)
            + payload.Length;
        var bytes = new byte[size];
        var writer = new Writer(bytes);
        writer.Byte(Version);
        writer.Byte(RejectedKind);
        writer.Int64(rejected.ReceivedAt.ToUnixTimeMilliseconds());
        writer.ShortText(rejected.DeviceId);
        writer.Text(rejected.Topic);
        writer.Text(rejected.Code);
        writer.Text(rejected.Detail);
        writer.Text(contentType);
        writer.ShortText(rejected.Dialect ?? "");
        writer.Int32(rejected.Size ?? rejected.Payload.Length);
        writer.Bytes(payload);
        return bytes;
    }

    /// <summary>Encodes what happened to a device; texts beyond <see cref="DeviceEvent.MaxText"/> are cut.</summary>
    public static byte[] Encode(DeviceEvent happened)
    {
        string[] texts =
        [
            happened.DeviceId,
            .. new[] { happened.Reason, happened.ClientId, happened.Address, happened.Protocol, happened.Agent }
                .Select(text => Cut(text, DeviceEvent.MaxText)),
        ];
        var bytes = new byte[2 + 8 + 2 + texts.Sum(text => 2 + Encoding.UTF8.GetByteCount(text))];
        var writer = new Writer(bytes);
        writer.Byte(Version);
        writer.Byte(EventKind);
        writer.Int64(happened.At.ToUnixTimeMilliseconds());
        writer.Byte((byte)happened.Kind);
        writer.Byte(happened.IsOnline ? (byte)1 : (byte)0);
        foreach (var text in texts)
        {
            writer.Text(text);
        }

        return bytes;
    }

    /// <summary>Whether the record is of a <see cref="DeviceEvent"/>.</summary>
    public static bool IsEvent(ReadOnlySpan<byte> record) =>
        record.Length >= 2 && record[0] == Version && record[1] == EventKind;

    /// <summary>Decodes what happened to a device; null when the record is not of that, or is damaged.</summary>
    public static DeviceEvent? ReadEvent(ReadOnlySpan<byte> record)
    {
        if (!IsEvent(record))
        {
            return null;
        }

        try
        {
            var reader = new SpoolRecordReader(record[2..]);
            var at = reader.Time();
            var (kind, isOnline) = ((DeviceEventKind)reader.Byte(), reader.Byte() == 1);
            return new DeviceEvent(reader.Text(), kind, at, isOnline)
            {
                Reason = reader.Text(),
                ClientId = reader.Text(),
                Address = reader.Text(),
                Protocol = reader.Text(),
                Agent = reader.Text(),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            // Shorter than its own lengths say: not one of ours.
            return null;
        }
    }

    /// <summary>Decodes a record of positions or a dead letter; exactly one of the outputs is set when true is returned.</summary>
    /// <returns>False when the bytes are not a record this version knows.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> record, out ReceivedPositions? received, out RejectedPayload? rejected)
    {
        received = ReadPositions(record);
        rejected = received is null ? ReadRejected(record) : null;
        return received is not null || rejected is not null;
    }

    private static ReceivedPositions? ReadPositions(ReadOnlySpan<byte> record)
    {
        if (!SpooledPositions.TryOpen(record, out var source, out var spooled))
        {
            return null;
        }

        var positions = new List<ReceivedPosition>();
        while (spooled.TryRead(out var position))
        {
            positions.Add(position);
        }

        return !spooled.IsComplete ? null : new ReceivedPositions(
            source.DeviceKey, Encoding.UTF8.GetString(spooled.DeviceId), source.Role, source.RequestId,
            source.ReceivedAt, positions);
    }

    private static RejectedPayload? ReadRejected(ReadOnlySpan<byte> record)
    {
        if (record.Length < 2 || record[0] != Version || record[1] is not (RejectedKind or PlainRejectedKind))
        {
            return null;
        }

        try
        {
            var reader = new SpoolRecordReader(record[2..]);
            var at = reader.Time();
            var letter = new RejectedPayload(reader.ShortText(), reader.Text(), at, reader.Text(), reader.Text(), default);
            return record[1] == PlainRejectedKind
                ? letter with { Payload = reader.Rest() }
                : letter with
                {
                    ContentType = Known(reader.Text()),
                    Dialect = Known(reader.ShortText()),
                    Size = reader.Int32(),
                    Payload = reader.Rest(),
                };
        }
        catch (ArgumentOutOfRangeException)
        {
            // Shorter than its own lengths say: not one of ours.
            return null;
        }
    }

    private static void Write(ref Writer writer, ReceivedPosition item)
    {
        var position = item.Position;
        var has = (position.Speed is null ? Has.None : Has.Speed)
            | (position.Heading is null ? Has.None : Has.Heading)
            | (position.Accuracy is null ? Has.None : Has.Accuracy)
            | (position.Altitude is null ? Has.None : Has.Altitude)
            | (position.Battery is null ? Has.None : Has.Battery)
            | (position.Sequence is null ? Has.None : Has.Sequence)
            | (item.IsClockSuspect ? Has.ClockSuspect : Has.None);
        writer.Byte((byte)has);
        writer.Int64(position.FixTime.ToUnixTimeMilliseconds());
        writer.Double(position.Latitude);
        writer.Double(position.Longitude);
        if (position.Speed is { } speed) { writer.Single(speed); }
        if (position.Heading is { } heading) { writer.Single(heading); }
        if (position.Accuracy is { } accuracy) { writer.Single(accuracy); }
        if (position.Altitude is { } altitude) { writer.Single(altitude); }
        if (position.Battery is { } battery) { writer.Byte(battery); }
        if (position.Sequence is { } sequence) { writer.Int32((int)sequence); }
    }

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..max];

    private static string? Known(string text) => text.Length == 0 ? null : text;

    private static int SizeOf(in Position position) =>
        1 + 8 + 8 + 8
        + (position.Speed is null ? 0 : 4) + (position.Heading is null ? 0 : 4) + (position.Accuracy is null ? 0 : 4)
        + (position.Altitude is null ? 0 : 4) + (position.Battery is null ? 0 : 1) + (position.Sequence is null ? 0 : 4);

    private ref struct Writer(Span<byte> target)
    {
        private Span<byte> _rest = target;

        public void Byte(byte value) => Next(1)[0] = value;

        public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(2), value);

        public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Next(4), value);

        public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Next(8), value);

        public void Single(float value) => BinaryPrimitives.WriteSingleLittleEndian(Next(4), value);

        public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Next(8), value);

        public void Guid(Guid value) => value.TryWriteBytes(Next(16));

        public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

        public void ShortText(string value)
        {
            var length = Encoding.UTF8.GetByteCount(value);
            Byte(checked((byte)length));
            Encoding.UTF8.GetBytes(value, Next(length));
        }

        public void Text(string value)
        {
            var length = Encoding.UTF8.GetByteCount(value);
            UInt16(checked((ushort)length));
            Encoding.UTF8.GetBytes(value, Next(length));
        }

        private Span<byte> Next(int count)
        {
            var next = _rest[..count];
            _rest = _rest[count..];
            return next;
        }
    }
}

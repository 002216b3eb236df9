namespace ArtMqtt.Contracts.Positions;

/// <summary>
/// Reads the positions of a <see cref="SpoolRecord"/> one after the other, without allocating. They may be believed
/// only when <see cref="IsComplete"/> says so in the end.
/// </summary>
public ref struct SpooledPositions
{
    private SpoolRecordReader _reader;
    private int _left;
    private bool _isDamaged;

    private SpooledPositions(SpoolRecordReader reader, ReadOnlySpan<byte> deviceId, int count)
    {
        _reader = reader;
        _left = count;
        Count = count;
        DeviceId = deviceId;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The device's name in UTF-8.</summary>
    public ReadOnlySpan<byte> DeviceId { get; }

    /// <summary>Whether all were read, and nothing is behind them.</summary>
    public readonly bool IsComplete => !_isDamaged && _left == 0 && _reader.IsAtEnd;

    /// <summary>Begins to read.</summary>
    /// <param name="record">The record.</param>
    /// <param name="source">What the positions have in common.</param>
    /// <param name="positions">The positions.</param>
    /// <returns>False when the record holds no positions this version knows.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> record, out PositionSource source, out SpooledPositions positions)
    {
        source = default;
        positions = default;
        if (record.Length < 2 || record[0] != SpoolRecord.Version || record[1] != SpoolRecord.PositionsKind)
        {
            return false;
        }

        try
        {
            var reader = new SpoolRecordReader(record[2..]);
            var role = (PositionRole)reader.Byte();
            var deviceKey = reader.Int32();
            var receivedAt = reader.Time();
            source = new PositionSource(deviceKey, role, reader.Id(), receivedAt);
            var deviceId = reader.ShortBytes();
            var count = reader.UInt16();
            positions = new SpooledPositions(reader, deviceId, count);
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Shorter than its own lengths say: not one of ours.
            return false;
        }
    }

    /// <summary>The next position; false behind the last one, and when the rest is damaged.</summary>
    public bool TryRead(out ReceivedPosition position)
    {
        position = default;
        if (_left == 0 || _isDamaged)
        {
            return false;
        }

        try
        {
            position = Read();
            _left--;
            return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            _isDamaged = true;
            return false;
        }
    }

    private ReceivedPosition Read()
    {
        var has = (SpoolRecord.Has)_reader.Byte();
        var fixTime = _reader.Time();
        var position = new Position(_reader.Double(), _reader.Double(), fixTime)
        {
            Speed = (has & SpoolRecord.Has.Speed) != 0 ? _reader.Single() : null,
            Heading = (has & SpoolRecord.Has.Heading) != 0 ? _reader.Single() : null,
            Accuracy = (has & SpoolRecord.Has.Accuracy) != 0 ? _reader.Single() : null,
            Altitude = (has & SpoolRecord.Has.Altitude) != 0 ? _reader.Single() : null,
            Battery = (has & SpoolRecord.Has.Battery) != 0 ? _reader.Byte() : null,
            Sequence = (has & SpoolRecord.Has.Sequence) != 0 ? (uint)_reader.Int32() : null,
        };
        return new ReceivedPosition(position, (has & SpoolRecord.Has.ClockSuspect) != 0);
    }
}

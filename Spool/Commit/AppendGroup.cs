using System.Buffers.Binary;

namespace ArtMqtt.Spool.Commit;

/// <summary>Records that become durable together: <c>{length: int32, bytes}</c> one after another.</summary>
/// <remarks>The first <see cref="HeaderSpace"/> bytes stay free, so that a header can be written in the same call.</remarks>
internal sealed class AppendGroup
{
    /// <summary>Bytes before the first record.</summary>
    public const int HeaderSpace = 32;

    /// <summary>Bytes before each record.</summary>
    public const int RecordHeader = sizeof(int);

    /// <summary>A group is full at this size; a single record may be larger.</summary>
    public const int MaxBytes = 1 << 20;

    private const int KeptBytes = 2 * MaxBytes;
    private const int InitialBytes = 4 << 10;

    private byte[] _buffer = new byte[InitialBytes];

    /// <summary>The appends that wait for this group, in order.</summary>
    public List<PendingAppend> Appends { get; } = [];

    /// <summary>Bytes with the header.</summary>
    public int Length { get; private set; } = HeaderSpace;

    /// <summary>The whole group: room for the header, then the records.</summary>
    public Span<byte> Bytes => _buffer.AsSpan(0, Length);

    /// <summary>Whether another record of this size may join.</summary>
    public bool HasRoom(int recordLength) =>
        Appends.Count == 0 || Length + RecordHeader + recordLength <= MaxBytes;

    /// <summary>Copies a record to the end.</summary>
    public void Add(ReadOnlySpan<byte> record, PendingAppend append)
    {
        var needed = Length + RecordHeader + record.Length;
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, 2 * _buffer.Length));
        }

        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(Length), record.Length);
        record.CopyTo(_buffer.AsSpan(Length + RecordHeader));
        Length = needed;
        Appends.Add(append);
    }

    /// <summary>Makes it ready for the next records; an unusually large buffer is given up.</summary>
    public void Clear()
    {
        Appends.Clear();
        Length = HeaderSpace;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[InitialBytes];
        }
    }
}

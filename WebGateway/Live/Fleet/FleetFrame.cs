using System.Buffers.Binary;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>
/// Vehicles as bytes, little endian, for a browser that draws thousands: docs/wire-format.md, "The whole fleet", is the
/// reference. A header of 16 bytes, then 24 bytes for each vehicle.
/// </summary>
internal sealed class FleetFrame
{
    private const byte FormatVersion = 1;
    private const byte WholeView = 1;
    private const byte NoStatus = 255;
    private const int HeaderBytes = 16;
    private const int VehicleBytes = 24;

    private readonly byte[] _bytes;
    private readonly DateTimeOffset _madeAt;
    private int _count;

    /// <summary>Begins a frame.</summary>
    /// <param name="capacity">Most vehicles in it.</param>
    /// <param name="isWhole">Whether it holds everything in view, so that what was known before is to be forgotten.</param>
    /// <param name="now">The moment that the ages in it count from.</param>
    public FleetFrame(int capacity, bool isWhole, DateTimeOffset now)
    {
        _bytes = new byte[HeaderBytes + (capacity * VehicleBytes)];
        _madeAt = now;
        _bytes[0] = FormatVersion;
        _bytes[1] = isWhole ? WholeView : (byte)0;
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(8), now.ToUnixTimeMilliseconds());
    }

    /// <summary>Vehicles in it.</summary>
    public int Count => _count;

    /// <summary>Adds a vehicle; the caller keeps to the capacity.</summary>
    public void Add(int key, in Position position, RequestStatus? status)
    {
        var at = _bytes.AsSpan(HeaderBytes + (_count++ * VehicleBytes), VehicleBytes);
        BinaryPrimitives.WriteInt32LittleEndian(at, key);
        BinaryPrimitives.WriteInt32LittleEndian(at[4..], (int)Math.Round(position.Latitude * 1e7));
        BinaryPrimitives.WriteInt32LittleEndian(at[8..], (int)Math.Round(position.Longitude * 1e7));
        // Milliseconds before the frame was made: 24 days at most, what is older says so.
        var age = Math.Clamp((_madeAt - position.FixTime).TotalMilliseconds, int.MinValue, int.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(at[12..], (int)age);
        BinaryPrimitives.WriteUInt16LittleEndian(at[16..], Scaled(position.Heading, 100));
        BinaryPrimitives.WriteUInt16LittleEndian(at[18..], Scaled(position.Speed, 100));
        at[20] = status is { } known ? (byte)known : NoStatus;
        at[21] = position.Battery ?? byte.MaxValue;
    }

    /// <summary>The bytes, as many as there are vehicles for.</summary>
    public byte[] ToArray()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(4), _count);
        var length = HeaderBytes + (_count * VehicleBytes);
        return length == _bytes.Length ? _bytes : _bytes.AsSpan(0, length).ToArray();
    }

    // 65,535 stands for what is not known.
    private static ushort Scaled(float? value, float scale) => value is { } known
        ? (ushort)Math.Clamp(MathF.Round(known * scale), 0, ushort.MaxValue - 1)
        : ushort.MaxValue;
}

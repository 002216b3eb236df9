using System.Buffers.Binary;
using Parquet;
using Parquet.Schema;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>The positions of one row group, column by column, used again for the next.</summary>
internal sealed class ParquetColumns
{
    public const int MaxRows = 50_000;
    public const string Geometry = "geometry";

    // Byte order, type (1: Point), x and y.
    private const int PointLength = 1 + 4 + 8 + 8;

    private static readonly DataField _deviceIdField = new("device_id", typeof(string), true);
    private static readonly DataField _fixTimeField = Time("fix_time");
    private static readonly DataField _latField = new("lat", typeof(double), false);
    private static readonly DataField _lngField = new("lng", typeof(double), false);
    private static readonly DataField _altitudeField = new("altitude", typeof(float), true);
    private static readonly DataField _speedField = new("speed", typeof(float), true);
    private static readonly DataField _headingField = new("heading", typeof(float), true);
    private static readonly DataField _accuracyField = new("accuracy", typeof(float), true);
    private static readonly DataField _batteryField = new("battery", typeof(short), true);
    private static readonly DataField _sequenceField = new("seq", typeof(long), true);
    private static readonly DataField _roleField = new("role", typeof(string), false);
    private static readonly DataField _receivedAtField = Time("received_at");
    private static readonly DataField _geometryField = new(Geometry, typeof(byte[]), false);

    private readonly ReadOnlyMemory<char>?[] _deviceId = new ReadOnlyMemory<char>?[MaxRows];
    private readonly DateTime[] _fixTime = new DateTime[MaxRows];
    private readonly double[] _lat = new double[MaxRows];
    private readonly double[] _lng = new double[MaxRows];
    private readonly float?[] _altitude = new float?[MaxRows];
    private readonly float?[] _speed = new float?[MaxRows];
    private readonly float?[] _heading = new float?[MaxRows];
    private readonly float?[] _accuracy = new float?[MaxRows];
    private readonly short?[] _battery = new short?[MaxRows];
    private readonly long?[] _sequence = new long?[MaxRows];
    private readonly ReadOnlyMemory<char>[] _role = new ReadOnlyMemory<char>[MaxRows];
    private readonly DateTime[] _receivedAt = new DateTime[MaxRows];
    private readonly ReadOnlyMemory<byte>[] _geometry = new ReadOnlyMemory<byte>[MaxRows];
    private readonly byte[] _points = new byte[MaxRows * PointLength];
    private int _count;

    public static ParquetSchema Schema { get; } = new(
        _deviceIdField, _fixTimeField, _latField, _lngField, _altitudeField, _speedField, _headingField, _accuracyField,
        _batteryField, _sequenceField, _roleField, _receivedAtField, _geometryField);

    public bool Any => _count > 0;

    public bool IsFull => _count == MaxRows;

    public void Add(in ExportedPosition position)
    {
        var (row, at) = (_count++, position.Position);
        _deviceId[row] = position.DeviceId?.AsMemory();
        _fixTime[row] = at.FixTime.UtcDateTime;
        _lat[row] = at.Latitude;
        _lng[row] = at.Longitude;
        _altitude[row] = at.Altitude;
        _speed[row] = at.Speed;
        _heading[row] = at.Heading;
        _accuracy[row] = at.Accuracy;
        _battery[row] = at.Battery;
        _sequence[row] = at.Sequence;
        _role[row] = position.Role.AsMemory();
        _receivedAt[row] = position.Point.ReceivedAt.UtcDateTime;
        _geometry[row] = WritePoint(_points.AsMemory(row * PointLength, PointLength), at.Longitude, at.Latitude);
    }

    /// <summary>Writes them as a row group and forgets them.</summary>
    public async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
    {
        await WriteAsync(group, _deviceIdField, _deviceId, cancellationToken);
        await WriteAsync(group, _fixTimeField, _fixTime, cancellationToken);
        await WriteAsync(group, _latField, _lat, cancellationToken);
        await WriteAsync(group, _lngField, _lng, cancellationToken);
        await WriteAsync(group, _altitudeField, _altitude, cancellationToken);
        await WriteAsync(group, _speedField, _speed, cancellationToken);
        await WriteAsync(group, _headingField, _heading, cancellationToken);
        await WriteAsync(group, _accuracyField, _accuracy, cancellationToken);
        await WriteAsync(group, _batteryField, _battery, cancellationToken);
        await WriteAsync(group, _sequenceField, _sequence, cancellationToken);
        await WriteAsync(group, _roleField, _role, cancellationToken);
        await WriteAsync(group, _receivedAtField, _receivedAt, cancellationToken);
        await WriteAsync(group, _geometryField, _geometry, cancellationToken);
        group.CompleteValidate();
        _count = 0;
    }

    private Task WriteAsync<T>(
        ParquetRowGroupWriter group, DataField field, T[] values, CancellationToken cancellationToken) where T : struct =>
        group.WriteAsync<T>(field, values.AsMemory(0, _count), cancellationToken: cancellationToken);

    private Task WriteAsync<T>(
        ParquetRowGroupWriter group, DataField field, T?[] values, CancellationToken cancellationToken) where T : struct =>
        group.WriteAsync<T>(field, values.AsMemory(0, _count), cancellationToken: cancellationToken);

    // Not microseconds: Parquet.Net 6.1 writes the least and largest of a row group in milliseconds all the same, and who
    // asks for a period would not find what is there. Fix times have milliseconds anyway.
    private static DateTimeDataField Time(string name) =>
        new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable: false);

    private static ReadOnlyMemory<byte> WritePoint(Memory<byte> buffer, double x, double y)
    {
        var bytes = buffer.Span;
        bytes[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], 1);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[5..], x);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[13..], y);
        return buffer;
    }
}

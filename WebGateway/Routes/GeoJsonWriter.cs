using System.IO.Pipelines;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>JSON into the response's pipe, flushed now and then: a slow reader slows the database read, not memory.</summary>
internal sealed class GeoJsonWriter(PipeWriter output) : IAsyncDisposable
{
    private const int FlushAbove = 16 * 1024;
    private readonly Utf8JsonWriter _json = new(output);
    private long _flushed;

    public Utf8JsonWriter Json => _json;

    public void BeginCollection()
    {
        _json.WriteStartObject();
        _json.WriteString("type", "FeatureCollection");
        _json.WriteStartArray("features");
    }

    /// <summary>Ends it; a cursor says that there is more.</summary>
    public void EndCollection(string? cursor)
    {
        _json.WriteEndArray();
        _json.WriteBoolean("truncated", cursor is not null);
        if (cursor is not null)
        {
            _json.WriteString("cursor", cursor);
        }

        _json.WriteEndObject();
    }

    /// <summary>Ends a collection of cells.</summary>
    public void EndCells(int zoom, bool isTruncated)
    {
        _json.WriteEndArray();
        _json.WriteNumber("zoom", zoom);
        _json.WriteBoolean("truncated", isTruncated);
        _json.WriteEndObject();
    }

    public void BeginFeature(string geometryType)
    {
        _json.WriteStartObject();
        _json.WriteString("type", "Feature");
        _json.WriteStartObject("geometry");
        _json.WriteString("type", geometryType);
        _json.WritePropertyName("coordinates");
    }

    /// <summary>Longitude and latitude exactly as stored: shortest form that reads back the same.</summary>
    public void WritePlace(in Position position)
    {
        _json.WriteStartArray();
        _json.WriteNumberValue(position.Longitude);
        _json.WriteNumberValue(position.Latitude);
        _json.WriteEndArray();
    }

    /// <summary>All that is known of a position besides its place.</summary>
    public void WriteFields(RoutePoint point)
    {
        var position = point.Position;
        _json.WriteNumber("time", position.FixTime.ToUnixTimeMilliseconds());
        _json.WriteNumber("receivedAt", point.ReceivedAt.ToUnixTimeMilliseconds());
        _json.WriteString("role", point.Role.ToString().ToLowerInvariant());
        WriteIfKnown("speed", position.Speed);
        WriteIfKnown("heading", position.Heading);
        WriteIfKnown("accuracy", position.Accuracy);
        WriteIfKnown("altitude", position.Altitude);
        WriteIfKnown("battery", position.Battery);
        if (position.Sequence is { } sequence)
        {
            _json.WriteNumber("seq", sequence);
        }
    }

    public void WriteValue(float? value)
    {
        if (value is { } number)
        {
            _json.WriteNumberValue(number);
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    private void WriteIfKnown(string name, float? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    public async ValueTask FlushIfLargeAsync(CancellationToken cancellationToken)
    {
        // Not only what is pending: the writer commits to the pipe by itself, where it stays until it is flushed.
        if (_json.BytesCommitted + _json.BytesPending - _flushed >= FlushAbove)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _json.FlushAsync(cancellationToken);
        _flushed = _json.BytesCommitted;
        await output.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();
}

using System.IO.Pipelines;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>JSON into the response's pipe, flushed now and then: a slow reader slows the database read, not memory.</summary>
internal sealed class GeoJsonWriter(PipeWriter output) : IAsyncDisposable
{
    private const int FlushAbove = 16 * 1024;
    private readonly Utf8JsonWriter _json = new(output);

    public Utf8JsonWriter Json => _json;

    public void BeginCollection()
    {
        _json.WriteStartObject();
        _json.WriteString("type", "FeatureCollection");
        _json.WriteStartArray("features");
    }

    public void EndCollection(bool isTruncated)
    {
        _json.WriteEndArray();
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

    public void WriteIfKnown(string name, float? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    public async ValueTask FlushIfLargeAsync(CancellationToken cancellationToken)
    {
        if (_json.BytesPending >= FlushAbove)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _json.FlushAsync(cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ArtMqtt.Store.Routes;
using Parquet;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// Parquet with the metadata of GeoParquet 1.1, compressed with Zstandard, in row groups of at most 50,000 positions; one
/// of them is in memory.
/// </summary>
internal sealed class ParquetExport(ExportStream output) : IExportWriter
{
    private static readonly ParquetOptions _options = new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = CompressionLevel.Optimal,
    };

    private readonly ParquetColumns _rows = new();
    private BoxBuilder _box;

    // Not disposed of when the export fails: that would end the file as if it were whole.
    private ParquetWriter _file = null!;

    public async ValueTask BeginAsync(CancellationToken cancellationToken) => _file = await ParquetWriter.CreateAsync(
        ParquetColumns.Schema, output, _options, cancellationToken: cancellationToken);

    public ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken)
    {
        _box.Add(position.Position.Latitude, position.Position.Longitude);
        _rows.Add(position);
        return _rows.IsFull ? WriteRowsAsync(cancellationToken) : default;
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_rows.Any)
        {
            await WriteRowsAsync(cancellationToken);
        }

        _file.CustomMetadata = new Dictionary<string, string> { ["geo"] = DescribeGeometry() };
        await _file.DisposeAsync();
        await output.FlushAsync(cancellationToken);
    }

    private async ValueTask WriteRowsAsync(CancellationToken cancellationToken)
    {
        using var group = _file.CreateRowGroup();
        await _rows.WriteAsync(group, cancellationToken);
    }

    // Without "crs" it is OGC:CRS84, which these are. West is greater than east over the date line.
    private string DescribeGeometry()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("version", "1.1.0");
            json.WriteString("primary_column", ParquetColumns.Geometry);
            json.WriteStartObject("columns");
            json.WriteStartObject(ParquetColumns.Geometry);
            json.WriteString("encoding", "WKB");
            json.WriteStartArray("geometry_types");
            json.WriteStringValue("Point");
            json.WriteEndArray();
            if (_box.Build() is { } box)
            {
                json.WriteStartArray("bbox");
                json.WriteNumberValue(box.West);
                json.WriteNumberValue(box.South);
                json.WriteNumberValue(box.East);
                json.WriteNumberValue(box.North);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}

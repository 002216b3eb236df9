using System.Globalization;
using System.Text.Json;
using ArtMqtt.Store.Changes;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>A row change as JSON, made once for each set of columns that somebody asked for.</summary>
internal sealed class ChangePayload(RowChange change)
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _byColumns = [];

    /// <summary>The JSON with those columns; null for all.</summary>
    public ReadOnlyMemory<byte> Of(ColumnSelection? columns)
    {
        var name = columns?.Name ?? "";
        if (!_byColumns.TryGetValue(name, out var json))
        {
            _byColumns.Add(name, json = MessageWriter.Json(writer => Write(writer, columns)));
        }

        return json;
    }

    private void Write(Utf8JsonWriter json, ColumnSelection? columns)
    {
        json.WriteStartObject();
        json.WriteString("schema", PublishedTable.Schema);
        json.WriteString("table", change.Table.Name);
        json.WriteString(
            "commit_timestamp", change.CommittedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteString("type", change.Kind switch
        {
            RowChangeKind.Insert => "INSERT",
            RowChangeKind.Update => "UPDATE",
            _ => "DELETE",
        });
        json.WriteStartArray("columns");
        foreach (var column in Chosen(columns))
        {
            json.WriteStartObject();
            json.WriteString("name", change.Table.Columns[column].Name);
            json.WriteString("type", change.Table.Columns[column].TypeName);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteRow(json, "record", change.New, columns);
        WriteRow(json, "old_record", change.Old, columns);
        json.WriteNull("errors");
        json.WriteEndObject();
    }

    private void WriteRow(Utf8JsonWriter json, string name, IReadOnlyList<string?>? row, ColumnSelection? columns)
    {
        json.WriteStartObject(name);
        foreach (var index in row is null ? [] : Chosen(columns))
        {
            var column = change.Table.Columns[index];
            json.WritePropertyName(column.Name);
            WriteValue(json, column.Type, row![index]);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, ColumnType type, string? value)
    {
        switch (type)
        {
            // PostgreSQL's numbers are JSON's, but for infinity and not-a-number.
            case ColumnType.Whole or ColumnType.Real or ColumnType.Boolean when value is not (null or "NaN" or "Infinity" or "-Infinity"):
                json.WriteRawValue(value);
                break;
            default:
                json.WriteStringValue(value);
                break;
        }
    }

    private IEnumerable<int> Chosen(ColumnSelection? columns) =>
        columns?.Indexes ?? Enumerable.Range(0, change.Table.Columns.Count);
}

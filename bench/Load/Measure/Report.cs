using System.Text.Json;
using System.Text.Json.Serialization;

namespace ArtMqtt.Load.Measure;

/// <summary>Prints a result as a table and writes it as JSON.</summary>
internal static class Report
{
    /// <summary>How results are written and read.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the result: a table, or JSON to a file ("-" for standard output).</summary>
    public static void Write<T>(T result, IEnumerable<(string Label, string Value)> table, string? jsonPath)
    {
        if (jsonPath == "-")
        {
            Console.WriteLine(JsonSerializer.Serialize(result, Json));
            return;
        }

        foreach (var (label, value) in table)
        {
            Console.WriteLine($"{label,-44} {value,18}");
        }

        if (jsonPath is not null)
        {
            File.WriteAllText(jsonPath, JsonSerializer.Serialize(result, Json) + "\n");
        }
    }

    /// <summary>Rows of a latency.</summary>
    public static IEnumerable<(string Label, string Value)> Rows(string label, Latency latency) =>
    [
        ($"{label}, p50", $"{latency.P50:F2} ms"),
        ($"{label}, p90", $"{latency.P90:F2} ms"),
        ($"{label}, p99", $"{latency.P99:F2} ms"),
        ($"{label}, p99.9", $"{latency.P999:F2} ms"),
        ($"{label}, max", $"{latency.Max:F2} ms"),
    ];
}

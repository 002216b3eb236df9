using System.Text.Json;
using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Live;

/// <summary>Everything <c>bench/results/live.json</c> holds.</summary>
/// <param name="TakenOn">When.</param>
/// <param name="Machine">What the figures depend on.</param>
/// <param name="Rounds">Every run.</param>
/// <param name="Resumes">Every run of those who came back.</param>
internal sealed record LiveComparison(
    DateOnly TakenOn, IReadOnlyDictionary<string, string> Machine, IReadOnlyList<LiveResult> Rounds,
    IReadOnlyList<ResumeResult> Resumes)
{
    /// <summary>Reads the results of all runs from a folder: <c>live-*.json</c> and <c>resume-*.json</c>.</summary>
    public static LiveComparison Read(string folder, IReadOnlyDictionary<string, string> machine) => new(
        DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), machine,
        ReadAll<LiveResult>(folder, "live-*.json"), ReadAll<ResumeResult>(folder, "resume-*.json"));

    private static List<T> ReadAll<T>(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)
            .Select(file => JsonSerializer.Deserialize<T>(File.ReadAllText(file), Report.Json)!)];
}

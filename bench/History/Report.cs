namespace ArtMqtt.Store.Bench;

/// <summary>What was measured with so many positions.</summary>
/// <param name="Positions">Positions stored.</param>
/// <param name="Chunks">Chunks they are in.</param>
/// <param name="BytesPerPosition">On disk, with indexes.</param>
/// <param name="HoursPerSecond">Hours of devices summed up per second.</param>
/// <param name="Answers">The questions.</param>
internal sealed record Report(
    long Positions, int Chunks, double BytesPerPosition, double HoursPerSecond, IReadOnlyList<Answer> Answers)
{
    /// <summary>As a page.</summary>
    public static string Page(IReadOnlyList<Report> reports, DateOnly takenOn, int devices) => $"""
        # Asking about the past

        Written by `bench/history` on {takenOn:yyyy-MM-dd} on one machine with {Environment.ProcessorCount} cores: {devices:N0} devices, a position each
        {Past.SecondsApart} s, stored in the order of arrival. Milliseconds from the call to the last row, through the readers that REST uses; medians, in
        brackets the longest, of different devices and moments. What each figure means: [README](../README.md).

        {string.Join("\n\n", reports.Select(Section))}

        """;

    private static string Section(Report report) => $"""
        ## {report.Positions:N0} positions in {report.Chunks} chunks

        | | rows | ms | `positions` alone, ms | chunks read |
        | --- | ---: | ---: | ---: | ---: |
        {string.Join("\n", report.Answers.Select(Line))}

        - On disk, with indexes: {report.BytesPerPosition:F0} bytes a position
        - Summed up: {report.HoursPerSecond:N0} hours of devices a second, two at work
        """;

    private static string Line(Answer answer) =>
        $"| {answer.Question} | {answer.Rows:N0} | **{answer.Milliseconds:F1}** ({answer.Longest:F1}) "
        + $"| {(answer.PlainMilliseconds is { } plain ? $"{plain:F1}" : "")} | {answer.Chunks} |";
}

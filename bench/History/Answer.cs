namespace ArtMqtt.Store.Bench;

/// <summary>How long a question took.</summary>
/// <param name="Question">Which.</param>
/// <param name="Rows">Rows of the answer, the median.</param>
/// <param name="Milliseconds">To the last row, the median of many picks.</param>
/// <param name="Longest">The longest of them.</param>
/// <param name="PlainMilliseconds">Of <c>positions</c> alone, the median; null: not asked.</param>
/// <param name="Chunks">Chunks of positions that were read; null: not looked at.</param>
internal sealed record Answer(
    string Question, long Rows, double Milliseconds, double Longest, double? PlainMilliseconds, int? Chunks);

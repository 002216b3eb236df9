namespace ArtMqtt.Eta.Bench;

/// <summary>What a method says of drives of one group at one part of their way.</summary>
/// <param name="Group">Whose drives.</param>
/// <param name="Percent">Of the way behind them.</param>
/// <param name="Method">Its name.</param>
/// <param name="Drives">How many.</param>
/// <param name="MedianError">Median of the absolute error, seconds.</param>
/// <param name="MedianErrorPercent">Median of the absolute error as a part of what was left, percent.</param>
/// <param name="Bias">Median of the error, seconds; above 0: said to take too long.</param>
/// <param name="InBand">Percent of the drives that arrived between low and high; null for methods without.</param>
internal sealed record Judged(
    string Group, int Percent, string Method, int Drives, double MedianError, double MedianErrorPercent, double Bias,
    double? InBand);

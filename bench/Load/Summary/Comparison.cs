namespace ArtMqtt.Load.Summary;

/// <summary>Everything <c>bench/results/latest.json</c> holds.</summary>
internal sealed record Comparison(
    DateOnly TakenOn, int Rounds, int Devices, int InFlight,
    IReadOnlyDictionary<string, string> Machine, Figures Figures, RunFiles Runs);

using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Arrival;

/// <summary>When an operator who is on the way has arrived.</summary>
internal sealed class ArrivalOptions
{
    public const string Section = "Gateway:Arrival";

    /// <summary>Whether it is looked for arrivals. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Whether requests become <c>arrived</c> by themselves; else it is only noted on them, for somebody to confirm. Default
    /// true.
    /// </summary>
    public bool Apply { get; init; } = true;

    /// <summary>Metres around the pickup point. Default 100.</summary>
    [Range(10, 5_000)]
    public double Radius { get; init; } = 100;

    /// <summary>How long the operator has to stay there: who only passes by has not arrived. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan Dwell { get; init; } = TimeSpan.FromSeconds(20);
}

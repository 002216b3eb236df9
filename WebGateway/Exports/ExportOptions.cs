using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>How much is exported at once.</summary>
internal sealed class ExportOptions
{
    public const string Section = "Gateway:Exports";

    /// <summary>Most positions of one export. Default 5,000,000.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxPositions { get; init; } = 5_000_000;

    /// <summary>
    /// Exports at the same time; each holds a connection to the database as long as its reader takes. Default 8.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; init; } = 8;
}

using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Ingest;

/// <summary>
/// How much is written at once. There is no waiting for company: what is in the spool is written at once, so batches
/// are small when little happens and grow by themselves while the database is busy with the one before.
/// </summary>
public sealed class BatchOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest:Batch";

    /// <summary>Most spool records (publishes) taken at once. Default 50,000.</summary>
    [Range(1, 100_000)]
    public int MaxRecords { get; set; } = 50_000;

    /// <summary>Most positions in one write; a publish is not torn apart, so one may go beyond it. Default 50,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxPositions { get; set; } = 50_000;
}

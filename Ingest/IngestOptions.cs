using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Ingest;

/// <summary>How ingest stops.</summary>
public sealed class IngestOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest";

    /// <summary>
    /// Longest time, when stopping, to store what is left in the spool; the rest stays there for the next start.
    /// Not used while the database is down. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

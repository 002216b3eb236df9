using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Ingest;

/// <summary>How ingest works and stops.</summary>
public sealed class IngestOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest";

    /// <summary>
    /// Connections that write at the same time; the positions of a device always go through the same one, in order.
    /// More than one pays when the database has more than one processor left. Default 1.
    /// </summary>
    [Range(1, 32)]
    public int Writers { get; set; } = 1;

    /// <summary>
    /// Longest time, when stopping, to store what is left in the spool; the rest stays there for the next start.
    /// Not used while the database is down. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

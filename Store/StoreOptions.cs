using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Store;

/// <summary>How the database is used.</summary>
public sealed class StoreOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Store";

    /// <summary>Name of the connection string: <c>ConnectionStrings:Timescale</c>.</summary>
    public const string ConnectionName = "Timescale";

    /// <summary>Name of the connection string past a pooler: <c>ConnectionStrings:TimescaleDirect</c>.</summary>
    public const string DirectConnectionName = "TimescaleDirect";

    /// <summary>Npgsql connection string; taken from <c>ConnectionStrings:Timescale</c> unless set here.</summary>
    [Required(ErrorMessage = "Set ConnectionStrings:Timescale (compose/timescale.sh url prints one).")]
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Npgsql connection string past a pooler, where <see cref="ConnectionString"/> leads to one: for notifications, row changes and
    /// locks of a session; taken from <c>ConnectionStrings:TimescaleDirect</c> unless set here. Default: the same.
    /// </summary>
    public string DirectConnectionString { get; set; } = "";

    /// <summary>
    /// Hosts of streaming replicas, <c>HOST[:PORT]</c>, separated by commas: history is read there while one answers. The same
    /// database, role and password as the primary. Default none.
    /// </summary>
    public string ReplicaHosts { get; set; } = "";

    /// <summary>
    /// File that keeps the last known devices and running requests, so that a node starts while the database is
    /// down; null or empty for none. Readable by its owner only.
    /// </summary>
    public string? FleetSnapshotFile { get; set; }

    /// <summary>How often all devices and running requests are read again. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan FleetReloadInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Most dead letters kept; the oldest go first, but for positions that were acknowledged. Default 100,000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxDeadLetters { get; set; } = 100_000;
}

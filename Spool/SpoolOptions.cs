using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Spool;

/// <summary>Bounds of a spool.</summary>
public sealed class SpoolOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Spool";

    /// <summary>Folder of the durable spool; created when missing.</summary>
    [Required]
    public string Folder { get; set; } = "spool";

    /// <summary>Most bytes that wait before appending waits. Default 4 GiB.</summary>
    [Range(1L << 20, 1L << 44)]
    public long CapacityBytes { get; set; } = 4L << 30;

    /// <summary>Largest record in bytes. Default 256 KiB.</summary>
    [Range(1, 16 << 20)]
    public int MaxRecordBytes { get; set; } = 256 << 10;
}

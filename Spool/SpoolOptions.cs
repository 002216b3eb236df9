using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Spool;

/// <summary>Bounds of a spool.</summary>
public sealed class SpoolOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Spool";

    /// <summary>What one record takes besides its bytes, at most.</summary>
    internal const int RecordOverhead = 64;

    /// <summary>Folder of the durable spool; created when missing.</summary>
    [Required]
    public string Folder { get; set; } = "spool";

    /// <summary>Most bytes that wait before appending waits. Default 4 GiB.</summary>
    [Range(1L << 20, 1L << 44)]
    public long CapacityBytes { get; set; } = 4L << 30;

    /// <summary>Largest record in bytes. Default 256 KiB.</summary>
    [Range(1, 16 << 20)]
    public int MaxRecordBytes { get; set; } = 256 << 10;

    /// <summary>
    /// Bytes of one segment file, in proportion to the capacity: what is acknowledged takes at most this much longer.
    /// </summary>
    internal long SegmentBytes => Math.Clamp(CapacityBytes / 64, 64L << 10, Math.Max(64L << 20, CapacityBytes / 1024));

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxRecordBytes + (long)RecordOverhead > CapacityBytes)
        {
            yield return new ValidationResult(
                $"{nameof(MaxRecordBytes)} must fit into {nameof(CapacityBytes)}.", [nameof(MaxRecordBytes)]);
        }
    }

    /// <summary>Throws when a value is out of its range.</summary>
    internal void Validate()
    {
        var result = new SpoolOptionsValidator().Validate(null, this);
        if (result.Failed)
        {
            throw new OptionsValidationException(Section, typeof(SpoolOptions), result.Failures);
        }
    }

    /// <summary>Throws when this record cannot be appended.</summary>
    internal void CheckRecord(ReadOnlyMemory<byte> record)
    {
        if (record.IsEmpty || record.Length > MaxRecordBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(record), record.Length, $"A record has 1 to {MaxRecordBytes} bytes ({nameof(MaxRecordBytes)}).");
        }
    }
}

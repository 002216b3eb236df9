using System.Globalization;
using System.Text;
using ArtMqtt.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.SpoolChild;

/// <summary>What child and test agree on.</summary>
public static class ChildSpool
{
    /// <summary>The options both use: small segments.</summary>
    public static SpoolOptions Options(string folder) =>
        new() { Folder = folder, CapacityBytes = 64 << 20, MaxRecordBytes = 64 << 10 };

    /// <summary>Opens the folder.</summary>
    public static DurableSpool Open(string folder) =>
        DurableSpool.Open(Options(folder), TimeProvider.System, NullLogger<DurableSpool>.Instance);

    /// <summary>A record that tells who wrote it, padded to a length that differs from its neighbours'.</summary>
    public static byte[] Record(string writer, int sequence)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{writer}:{sequence}:");
        return Encoding.ASCII.GetBytes(text.PadRight(text.Length + sequence % 200, '.'));
    }

    /// <summary>The <c>writer:sequence</c> of a record; checks that it is whole.</summary>
    public static (string Writer, int Sequence) Parse(ReadOnlySpan<byte> record)
    {
        var parts = Encoding.ASCII.GetString(record).Split(':');
        var sequence = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return record.SequenceEqual(Record(parts[0], sequence))
            ? (parts[0], sequence)
            : throw new InvalidDataException($"Record {parts[0]}:{sequence} is not as it was written.");
    }
}

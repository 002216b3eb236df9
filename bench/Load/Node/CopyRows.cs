using System.Buffers.Binary;

namespace ArtMqtt.Load.Node;

/// <summary>Cuts PostgreSQL's binary COPY format into batches that are whole COPY inputs again.</summary>
internal static class CopyRows
{
    private const int HeaderLength = 19;
    private static readonly byte[] _trailer = [0xFF, 0xFF];

    /// <summary>Splits at row boundaries.</summary>
    /// <param name="copy">What <c>COPY … TO STDOUT (FORMAT BINARY)</c> gave, header and trailer included.</param>
    /// <param name="rowsPerBatch">Rows in each batch; the last may have fewer.</param>
    /// <exception cref="InvalidDataException">It ends in the middle of a row.</exception>
    public static IEnumerable<(byte[] Batch, int Rows)> Split(byte[] copy, int rowsPerBatch)
    {
        var header = copy.AsMemory(0, HeaderLength);
        var at = HeaderLength;
        while (true)
        {
            var start = at;
            var rows = 0;
            while (rows < rowsPerBatch && TrySkipRow(copy, ref at))
            {
                rows++;
            }

            if (rows == 0)
            {
                yield break;
            }

            yield return ([.. header.Span, .. copy.AsSpan(start, at - start), .. _trailer], rows);
        }
    }

    private static bool TrySkipRow(byte[] copy, ref int at)
    {
        if (at + 2 > copy.Length)
        {
            throw new InvalidDataException("The rows end without a trailer.");
        }

        var fields = BinaryPrimitives.ReadInt16BigEndian(copy.AsSpan(at));
        if (fields < 0)
        {
            return false;
        }

        at += 2;
        for (var i = 0; i < fields; i++)
        {
            at += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(copy.AsSpan(at)));
        }

        return true;
    }
}

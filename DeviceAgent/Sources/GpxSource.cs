using System.Runtime.CompilerServices;
using System.Xml;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// The track points of a GPX 1.0 or 1.1 file, of all tracks and segments in file order. Routes and way points are no
/// recording and are passed over. The file is streamed, whatever its size.
/// </summary>
internal sealed class GpxSource(string path) : IFixSource
{
    // A recording is data: no document types, no entities, nothing fetched.
    private static readonly XmlReaderSettings _settings = new()
    {
        Async = true,
        CloseInput = true,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <inheritdoc/>
    public SourceCounts Counts { get; } = new();

    /// <inheritdoc/>
    public async IAsyncEnumerable<Position> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(Open(path), _settings);
        await ReadRootAsync(reader);
        while (await NextPointAsync(reader))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Counts.Read++;
            var point = new GpxPoint();
            await Guard(reader, () => point.ReadAsync(reader));
            if (point.TryBuild(Counts, out var position))
            {
                Counts.Fixes++;
                yield return position;
            }
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, useAsync: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: {e.Message}", e);
        }
    }

    private async Task ReadRootAsync(XmlReader reader)
    {
        await Guard(reader, () => reader.MoveToContentAsync());
        if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "gpx")
        {
            throw new SourceException($"{path}: the root element is <{reader.LocalName}>, a GPX file has <gpx>.");
        }
    }

    private async Task<bool> NextPointAsync(XmlReader reader)
    {
        while (await Guard(reader, reader.ReadAsync))
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "trkpt" })
            {
                return true;
            }
        }

        return false;
    }

    private async Task<T> Guard<T>(XmlReader reader, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (XmlException e)
        {
            var line = Math.Max(1, Math.Max(e.LineNumber, (reader as IXmlLineInfo)?.LineNumber ?? 0));
            throw new SourceException($"{path}, line {line}: {e.Message}", e);
        }
    }
}

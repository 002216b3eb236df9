using System.Globalization;
using System.Text;

namespace ArtMqtt.Node.Commands;

/// <summary>
/// A line on the terminal that says how far an export is, at most five times a second; nothing when the errors go elsewhere.
/// Positions are counted where the format has a mark for each; of the others it tells the bytes.
/// </summary>
internal sealed class ExportProgress : IDisposable
{
    private const int Width = 24;
    private static readonly TimeSpan _apart = TimeSpan.FromSeconds(0.2);

    private readonly byte[]? _mark;
    private readonly long _total;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _shown;
    private int _matched;
    private long _bytes;

    /// <param name="format">Of the export.</param>
    /// <param name="total">Positions there will be; 0: not known.</param>
    /// <param name="time">The clock.</param>
    public ExportProgress(string format, long total, TimeProvider time)
    {
        _mark = format switch
        {
            "csv" => "\n"u8.ToArray(),
            "geojson" => "\"Point\""u8.ToArray(),
            "gpx" => "<trkpt"u8.ToArray(),
            "kml" => "<when>"u8.ToArray(),
            _ => null,
        };
        (_total, _time, _started) = (total, time, time.GetTimestamp());
    }

    /// <summary>Positions so far; 0 where they cannot be counted.</summary>
    public long Positions { get; private set; }

    /// <summary>Adds what has come.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        _bytes += part.Length;
        if (_mark is not null)
        {
            Count(part);
        }

        if (_isShown && (_shown == 0 || _time.GetElapsedTime(_shown) > _apart))
        {
            _shown = _time.GetTimestamp();
            Console.Error.Write($"\r{Line()}\e[K");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_shown != 0)
        {
            Console.Error.Write("\r\e[K");
        }
    }

    /// <summary>How far it is, in words.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        if (_mark is not null && _total > 0)
        {
            var share = Math.Min(1, (double)Positions / _total);
            line.Append('[').Append('#', (int)(share * Width)).Append('.', Width - (int)(share * Width)).Append("] ")
                .Append(CultureInfo.InvariantCulture, $"{share:P0} of ");
        }

        var rate = _bytes / 1e6 / Math.Max(0.001, _time.GetElapsedTime(_started).TotalSeconds);
        return line.Append(CultureInfo.InvariantCulture, $"{_total:N0} positions, {_bytes / 1e6:N1} MB, {rate:N1} MB/s").ToString();
    }

    // A mark may begin in one part and end in the next. None of them begins twice in itself.
    private void Count(ReadOnlySpan<byte> part)
    {
        foreach (var one in part)
        {
            _matched = one == _mark![_matched] ? _matched + 1 : one == _mark[0] ? 1 : 0;
            if (_matched == _mark.Length)
            {
                Positions++;
                _matched = 0;
            }
        }
    }
}

using System.Globalization;
using System.IO.Pipelines;
using System.Text.Unicode;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// CSV (RFC 4180) with a header, empty where nothing is known. No field can hold a comma, a quote or a line break: ids
/// cannot, and the rest are numbers and times. So nothing is quoted, and no text is there for a spreadsheet to calculate.
/// </summary>
internal sealed class CsvExport(PipeWriter output) : IExportWriter
{
    // An id of 64 and eleven fields of at most 32 characters.
    private const int MaxLine = 512;
    private const int FlushAbove = 32 * 1024;
    private int _kept;

    private static ReadOnlySpan<byte> Header =>
        "device_id,fix_time,lat,lng,altitude,speed,heading,accuracy,battery,seq,role,received_at\r\n"u8;

    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        Header.CopyTo(output.GetSpan(MaxLine));
        Keep(Header.Length);
        return default;
    }

    public ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken)
    {
        var at = position.Position;
        if (!Utf8.TryWrite(
            output.GetSpan(MaxLine), CultureInfo.InvariantCulture,
            $"{position.DeviceId},{at.FixTime:yyyy-MM-ddTHH:mm:ss.FFFFFFZ},{at.Latitude},{at.Longitude},{at.Altitude},"
            + $"{at.Speed},{at.Heading},{at.Accuracy},{at.Battery},{at.Sequence},{position.Role},"
            + $"{position.Point.ReceivedAt:yyyy-MM-ddTHH:mm:ss.FFFFFFZ}\r\n",
            out var length))
        {
            throw new InvalidOperationException($"A line is longer than {MaxLine} bytes.");
        }

        Keep(length);
        return _kept >= FlushAbove ? FlushAsync(cancellationToken) : default;
    }

    public ValueTask EndAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    private void Keep(int length)
    {
        output.Advance(length);
        _kept += length;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _kept = 0;
        await output.FlushAsync(cancellationToken);
    }
}

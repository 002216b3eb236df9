using System.Globalization;
using ArtMqtt.WebGateway.Routes;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>Times as they are written into files and their names.</summary>
internal static class ExportTime
{
    /// <summary>ISO 8601, UTC, with as many decimals as are stored, at most 6.</summary>
    public const string Format = "yyyy-MM-ddTHH:mm:ss.FFFFFFZ";

    private const string FileNameFormat = "yyyyMMddTHHmmssZ";

    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>The period as the end of a file name; nothing for an open end.</summary>
    public static string InFileName(PeriodQuery period) => InFileName(period.FromOrNull) + InFileName(period.ToOrNull);

    private static string InFileName(DateTimeOffset? time) =>
        time is { } t ? $"_{t.UtcDateTime.ToString(FileNameFormat, CultureInfo.InvariantCulture)}" : "";
}

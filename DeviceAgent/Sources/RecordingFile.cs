namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>A recording of either kind.</summary>
internal static class RecordingFile
{
    // Byte order marks, the zeros of UTF-16, and what may stand before XML begins.
    private static readonly byte[] _before = [0xEF, 0xBB, 0xBF, 0xFE, 0xFF, 0, .. " \t\r\n"u8];

    /// <summary>Looks into a file: GPX begins as XML does, NMEA 0183 never.</summary>
    public static IFixSource Open(string path, bool allowMissingChecksum) =>
        IsXml(path) ? new GpxSource(path) : new NmeaSource(path, allowMissingChecksum);

    private static bool IsXml(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[1024];
            var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            return start.AsSpan(0, length).TrimStart(_before) is [(byte)'<', ..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: {e.Message}", e);
        }
    }
}

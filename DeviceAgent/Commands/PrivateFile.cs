namespace ArtMqtt.DeviceAgent.Commands;

/// <summary>Files that only their owner may read (mode 0600).</summary>
internal static class PrivateFile
{
    /// <summary>Replaces a file in one step; it is private from its first byte on.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var part = $"{path}.part";
        File.Delete(part);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(part, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
    }
}

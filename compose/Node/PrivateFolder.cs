namespace ArtMqtt.Node;

/// <summary>Folders that only their owner may enter (mode 0700).</summary>
internal static class PrivateFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the folder when it is missing; one that is there keeps its mode.</summary>
    /// <exception cref="StartException">It cannot be created.</exception>
    public static void Create(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, Owner);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"DataFolder: {e.Message} Set it to a folder that this user may write to.");
        }
    }
}

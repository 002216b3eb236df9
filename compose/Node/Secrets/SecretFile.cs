namespace ArtMqtt.Node.Secrets;

/// <summary>One secret in a file that only its owner may read (mode 0600).</summary>
internal static class SecretFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// The secret; made and flushed to disk when there is no file. Of several processes that make it at once, the
    /// first wins and all read the same.
    /// </summary>
    /// <exception cref="StartException">The file cannot be read or written, or is empty.</exception>
    public static string ReadOrCreate(string path, Func<string> create)
    {
        try
        {
            if (!File.Exists(path))
            {
                Create(path, create());
            }

            var secret = File.ReadAllText(path).Trim();
            return secret.Length > 0
                ? secret
                : throw new StartException($"{path} is empty. Put the secret back from your backup.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The secret cannot be used: {e.Message}");
        }
    }

    /// <summary>Whether others than the owner may read the file.</summary>
    public static bool IsExposed(string path) => !OperatingSystem.IsWindows() && IsExposed(File.GetUnixFileMode(path));

    /// <summary>
    /// Whether others than the owner may read a file of this mode. What nobody may write was mounted, as Kubernetes does
    /// with secrets: the owner is root then, and the group the node's.
    /// </summary>
    public static bool IsExposed(UnixFileMode mode) =>
        mode != (UnixFileMode.UserRead | UnixFileMode.GroupRead) && (mode & ~Owner) != 0;

    private static void Create(string path, string secret)
    {
        // Process ids say nothing where containers share the folder: all of them are number 1.
        var part = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Owner;
        }

        try
        {
            using (var file = new FileStream(part, options))
            {
                file.Write(System.Text.Encoding.ASCII.GetBytes(secret + "\n"));
                file.Flush(flushToDisk: true);
            }

            File.Move(part, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another one was first.
        }
        finally
        {
            File.Delete(part);
        }
    }
}

namespace ArtMqtt.Spool.Segments;

/// <summary>Holds a spool folder for one process; the system lets go of it when the process ends in any way.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="IOException">Somebody else has it.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new IOException(
                $"The spool folder '{folder}' is in use by another process (or opened twice in this one). "
                + "Every spool needs its own folder.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

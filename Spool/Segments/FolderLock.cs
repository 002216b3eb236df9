namespace ArtMqtt.Spool.Segments;

/// <summary>Holds one side of a spool folder for one process; the system lets go of it when the process ends in any way.</summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>Who appends.</summary>
    public const string Writer = "lock";

    /// <summary>Who reads.</summary>
    public const string Reader = "reader.lock";

    // EWOULDBLOCK of flock, and ERROR_SHARING_VIOLATION: anything else is the disk's fault.
    private const int Locked = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes a side of the folder.</summary>
    /// <exception cref="SpoolInUseException">Somebody else has it, and has it still when patience is over.</exception>
    public static FolderLock Take(string folder, string side, TimeSpan patience = default)
    {
        FolderLock? taken = null;
        SpoolInUseException? inUse = null;
        bool Try()
        {
            try
            {
                taken = Take(folder, side);
                return true;
            }
            catch (SpoolInUseException e)
            {
                inUse = e;
                return false;
            }
        }

        return SpinWait.SpinUntil(Try, patience) ? taken! : throw inUse!;
    }

    private static FolderLock Take(string folder, string side)
    {
        var path = Path.Combine(folder, side);
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e.HResult is Locked or SharingViolation)
        {
            throw new SpoolInUseException(
                $"The spool folder '{folder}' is in use by another process (or opened twice in this one). "
                + "Every spool needs its own folder.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

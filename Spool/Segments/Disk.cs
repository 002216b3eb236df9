using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Segments;

/// <summary>The real disk.</summary>
internal sealed partial class Disk : IDisk
{
    private const int InterruptedError = 4;
    private const int InvalidError = 22;

    /// <inheritdoc/>
    public SafeFileHandle Create(string path) => OpenPrivate(path, FileMode.Create);

    /// <summary>Opens a file that only its owner may read: a spool tells where people were.</summary>
    public static SafeFileHandle OpenPrivate(string path, FileMode mode)
    {
        var file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return file;
    }

    /// <inheritdoc/>
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) =>
        RandomAccess.Write(file, bytes, offset);

    /// <inheritdoc/>
    public void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        // Not FlushToDisk: fsync also writes the changed time of the file, which costs a journal commit each.
        while (FlushData(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != InterruptedError)
            {
                throw Failure("fdatasync", error);
            }
        }
    }

    /// <inheritdoc/>
    public void FlushFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = Open(path, 0);
        if (folder.IsInvalid)
        {
            throw Failure($"open '{path}'", Marshal.GetLastPInvokeError());
        }

        // Some file systems know no fsync of folders and say so: nothing to be done there.
        if (FlushAll(folder) != 0 && Marshal.GetLastPInvokeError() is var error and not InvalidError)
        {
            throw Failure($"fsync '{path}'", error);
        }
    }

    private static IOException Failure(string what, int error) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error})");

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FlushData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushAll(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}

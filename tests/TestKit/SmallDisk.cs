using System.Diagnostics;

namespace ArtMqtt.TestKit;

/// <summary>A file system of a few megabytes, in memory, that a test can fill. Needs root.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private bool _isMounted;

    /// <summary>Where it is; every user may write there.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, "disk");

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Mounts it.</summary>
    /// <param name="megabytes">Its size.</param>
    /// <returns>Why that is not possible here, or null.</returns>
    public async Task<string?> TryMountAsync(int megabytes)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "Only root mounts file systems.";
        }

        Directory.CreateDirectory(Path);
        var mount = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=1777", "tmpfs", Path);
        _isMounted = mount.ExitCode == 0;
        return _isMounted ? null : $"No tmpfs can be mounted here: {mount.Error}";
    }

    /// <summary>Fills it but for so many bytes; who else writes there meanwhile may take those.</summary>
    public void Fill(long leave)
    {
        var block = new byte[4 << 10];
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (new DriveInfo(Path).AvailableFreeSpace - leave >= block.Length)
            {
                file.Write(block);
            }
        }
        catch (IOException e) when (e.Message.StartsWith("No space left", StringComparison.Ordinal))
        {
            // Somebody was faster: it is full all the same.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>Takes away, or gives back, the right to write: a worn card ends like that.</summary>
    public async Task RemountAsync(bool isReadOnly)
    {
        var mount = await RunAsync("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", Path);
        if (mount.ExitCode != 0)
        {
            throw new InvalidOperationException(mount.Error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            // Lazily: a server may only just be closing its files.
            await RunAsync("umount", "-l", Path);
        }

        _folder.Dispose();
    }

    private static Task<ProcessResult> RunAsync(string program, params string[] arguments) =>
        ProcessRunner.RunAsync(new ProcessStartInfo(program, arguments), TimeSpan.FromSeconds(30));
}

using ArtMqtt.Spool.Segments;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Tests;

/// <summary>A disk that fails when told to, and remembers which files were flushed after their flush had failed.</summary>
internal sealed class FaultyDisk : IDisk
{
    private readonly Disk _disk = new();
    private readonly HashSet<SafeFileHandle> _failed = [];

    public volatile bool FailWrites;
    public volatile bool FailFlushes;

    public bool FlushedAgainAfterFailure { get; private set; }

    public int Created { get; private set; }

    public SafeFileHandle Create(string path)
    {
        Created++;
        return _disk.Create(path);
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        if (FailWrites)
        {
            _disk.Write(file, bytes[..(bytes.Length / 2)], offset);
            throw new IOException("No space left on device (test)");
        }

        _disk.Write(file, bytes, offset);
    }

    public void Flush(SafeFileHandle file)
    {
        FlushedAgainAfterFailure |= _failed.Contains(file);
        if (FailFlushes)
        {
            _failed.Add(file);
            throw new IOException("Input/output error (test)");
        }

        _disk.Flush(file);
    }

    public void FlushFolder(string path) => _disk.FlushFolder(path);
}

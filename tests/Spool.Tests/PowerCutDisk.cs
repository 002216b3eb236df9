using System.Collections.Concurrent;
using ArtMqtt.Spool.Segments;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Tests;

/// <summary>
/// A disk with a write cache: keeps on the side what a power cut would leave, which is what was flushed and any part
/// of what was not.
/// </summary>
internal sealed class PowerCutDisk : IDisk
{
    private const int Sector = 512;

    private readonly Disk _disk = new();
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<SafeFileHandle, Shadow> _files = [];
    private readonly HashSet<Shadow> _named = [];

    public SafeFileHandle Create(string path)
    {
        var file = _disk.Create(path);
        _files[file] = new Shadow(Path.GetFileName(path));
        return file;
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        _disk.Write(file, bytes, offset);
        lock (_lock)
        {
            _files[file].Cached.Add((offset, bytes.ToArray()));
        }
    }

    public void Flush(SafeFileHandle file)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(file, out var shadow))
            {
                shadow.Cached.ForEach(w => shadow.Write(w.Offset, w.Bytes));
                shadow.Cached.Clear();
            }
        }
    }

    public void FlushFolder(string path)
    {
        lock (_lock)
        {
            _named.UnionWith(_files.Values);
        }
    }

    /// <summary>Writes what the cut leaves into another folder.</summary>
    public void Cut(string folder, Random random)
    {
        lock (_lock)
        {
            // A file whose name was not flushed may be there or not.
            foreach (var shadow in _files.Values.Where(f => _named.Contains(f) || random.Next(2) == 0))
            {
                var left = new Shadow(shadow.Name);
                left.Write(0, shadow.Content);
                foreach (var (offset, bytes) in shadow.Cached)
                {
                    for (var at = 0; at < bytes.Length; at += Sector)
                    {
                        if (random.Next(2) == 0)
                        {
                            left.Write(offset + at, bytes.AsSpan(at, Math.Min(Sector, bytes.Length - at)));
                        }
                    }
                }

                File.WriteAllBytes(Path.Combine(folder, left.Name), left.Content);
            }
        }
    }

    private sealed class Shadow(string name)
    {
        private byte[] _content = [];

        public string Name { get; } = name;

        public List<(long Offset, byte[] Bytes)> Cached { get; } = [];

        public byte[] Content => _content;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (offset + bytes.Length > _content.Length)
            {
                Array.Resize(ref _content, (int)offset + bytes.Length);
            }

            bytes.CopyTo(_content.AsSpan((int)offset));
        }
    }
}

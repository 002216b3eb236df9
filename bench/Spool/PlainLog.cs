using ArtMqtt.Spool.Commit;
using ArtMqtt.Spool.Segments;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Bench;

/// <summary>One growing file with checksums and fdatasync, without zeros ahead: what the zeros are worth.</summary>
internal sealed class PlainLog(string folder) : IGroupLog, IDisposable
{
    private readonly Disk _disk = new();
    private readonly SafeFileHandle _file = Disk.OpenPrivate(Path.Combine(folder, "plain"), FileMode.Create);
    private long _next = 1;
    private long _end;

    public long WaitingBytes => 0;

    public long Append(AppendGroup group)
    {
        var first = _next;
        GroupHeader.Seal(group.Bytes, first, group.Appends.Count, salt: 0);
        _disk.Write(_file, group.Bytes, _end);
        _disk.Flush(_file);
        _end += group.Length;
        _next += group.Appends.Count;
        return first;
    }

    public void Probe() => _disk.Flush(_file);

    public void Dispose() => _file.Dispose();
}

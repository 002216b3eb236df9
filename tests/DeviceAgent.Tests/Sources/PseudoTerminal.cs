using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

/// <summary>A serial port whose other end is ours. Closing it is pulling the plug.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100;

    private readonly FileStream _ours;

    public PseudoTerminal()
    {
        var master = Open(ReadWriteNoControl);
        Assert.True(master >= 0 && Grant(master) == 0 && Unlock(master) == 0, "No pseudo terminal can be had.");
        var name = new byte[128];
        Assert.Equal(0, NameOf(master, name, name.Length));
        Name = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        // gpsd gives up its rights before it opens a device again.
        File.SetUnixFileMode(Name, (UnixFileMode)0b110_110_110);
        _ours = new FileStream(new SafeFileHandle(master, ownsHandle: true), FileAccess.ReadWrite, 0);
    }

    /// <summary>Path of the port.</summary>
    public string Name { get; }

    /// <summary>Sends as the receiver.</summary>
    public void Send(string text) => _ours.Write(Encoding.Latin1.GetBytes(text));

    /// <inheritdoc/>
    public void Dispose() => _ours.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int Open(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static partial int NameOf(int master, byte[] name, nint length);
}

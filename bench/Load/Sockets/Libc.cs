using System.Runtime.InteropServices;

namespace ArtMqtt.Load.Sockets;

/// <summary>The few Linux calls that .NET has no door to.</summary>
internal static unsafe partial class Libc
{
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const int Interrupted = 4;

    private const int ThreadCpuClock = 3;

    /// <summary>Processor seconds of the calling thread since it started.</summary>
    public static double ThreadCpuSeconds()
    {
        var time = stackalloc long[2];
        return ClockGetTime(ThreadCpuClock, time) == 0 ? time[0] + (time[1] / 1e9) : double.NaN;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int maxEvents, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, long* time);
}

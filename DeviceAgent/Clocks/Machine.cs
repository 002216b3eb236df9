using System.Globalization;
using System.Runtime.InteropServices;

namespace ArtMqtt.DeviceAgent.Clocks;

/// <summary>The real machine.</summary>
internal sealed partial class Machine : IMachine
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const string UptimeFile = "/proc/uptime";
    private const int NotSynchronized = 5;

    // struct timex is 208 bytes on all 64-bit Linux; zeros only ask.
    private const int TimexSize = 512;

    /// <inheritdoc/>
    public string Boot { get; } = File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "unknown";

    /// <inheritdoc/>
    public TimeSpan Uptime => File.Exists(UptimeFile)
        ? TimeSpan.FromSeconds(double.Parse(File.ReadAllText(UptimeFile).Split(' ')[0], CultureInfo.InvariantCulture))
        : TimeSpan.FromMilliseconds(Environment.TickCount64);

    /// <inheritdoc/>
    public bool IsSynchronized
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                return true;
            }

            // Below 0: not allowed to ask, for example in a sandbox.
            return AskClock(new byte[TimexSize]) is >= 0 and not NotSynchronized;
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int AskClock([In, Out] byte[] timex);
}

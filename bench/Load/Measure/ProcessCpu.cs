using System.Globalization;

namespace ArtMqtt.Load.Measure;

/// <summary>Processor time of other processes, read from /proc.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100;

    /// <summary>Processor seconds of a process and all its descendants, those that ended included.</summary>
    public static double Seconds(int processId)
    {
        var parents = new Dictionary<int, int>();
        var seconds = new Dictionary<int, double>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                && TryRead(folder, out var parent, out var used))
            {
                parents[id] = parent;
                seconds[id] = used;
            }
        }

        return seconds.Where(one => IsWithin(one.Key, processId, parents)).Sum(one => one.Value);
    }

    /// <summary>Largest resident memory a process ever had, in MiB; NaN when it is gone.</summary>
    public static double PeakMemoryMb(int processId) => MemoryMb(processId, "VmHWM:");

    /// <summary>Resident memory a process has now, in MiB; NaN when it is gone.</summary>
    public static double MemoryMb(int processId) => MemoryMb(processId, "VmRSS:");

    private static double MemoryMb(int processId, string figure)
    {
        try
        {
            var line = File.ReadLines($"/proc/{processId}/status").FirstOrDefault(l => l.StartsWith(figure, StringComparison.Ordinal));
            return line is null
                ? double.NaN
                : long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture) / 1024.0;
        }
        catch (IOException)
        {
            return double.NaN;
        }
    }

    private static bool IsWithin(int id, int root, Dictionary<int, int> parents)
    {
        for (var depth = 0; depth < 64 && id != root; depth++)
        {
            if (!parents.TryGetValue(id, out id) || id == 0)
            {
                return false;
            }
        }

        return id == root;
    }

    private static bool TryRead(string folder, out int parent, out double seconds)
    {
        (parent, seconds) = (0, 0);
        try
        {
            // The name in parentheses may hold anything; the numbers start behind its end.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            parent = int.Parse(fields[1], CultureInfo.InvariantCulture);
            seconds = fields[11..15].Sum(f => long.Parse(f, CultureInfo.InvariantCulture)) / TicksPerSecond;
            return true;
        }
        catch (IOException)
        {
            return false; // It ended between the listing and the reading.
        }
    }
}

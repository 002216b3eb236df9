namespace ArtMqtt.Broker.Tests.Faults;

/// <summary>What is alive in this process, the broker included.</summary>
internal static class Memory
{
    public const long Megabyte = 1 << 20;

    public static long Used() => GC.GetTotalMemory(forceFullCollection: true);
}

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Names that no other test uses: the tests share one broker, and it may be one that keeps what it is told.</summary>
internal static class Names
{
    private static readonly string _run = $"{Random.Shared.Next(1 << 24):x6}";
    private static int _last;

    /// <summary>A client id or topic level.</summary>
    public static string Unique(string what) => $"{what}-{_run}-{Interlocked.Increment(ref _last)}";

    /// <summary>A topic.</summary>
    public static string Topic() => Unique("test") + "/topic";
}

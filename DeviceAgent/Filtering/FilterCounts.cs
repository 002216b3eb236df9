namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>What the filter decided so far, by verdict.</summary>
internal sealed class FilterCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<FilterVerdict>().Length];

    /// <summary>How often a verdict was given.</summary>
    public long this[FilterVerdict verdict] => Interlocked.Read(ref _counts[(int)verdict]);

    /// <summary>Fixes that were judged.</summary>
    public long Total => Enum.GetValues<FilterVerdict>().Sum(v => this[v]);

    internal void Add(FilterVerdict verdict) => Interlocked.Increment(ref _counts[(int)verdict]);
}

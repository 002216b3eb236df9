namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// In which order the ways to servers are tried: what worked last, then all from the best to the worst. One thread.
/// </summary>
internal sealed class ServerLadder(int count)
{
    // One connection that is lost too soon says little about the way.
    private const int Enough = 2;

    private int? _last;
    private int _fruitless;

    /// <summary>The order of the next round; each once.</summary>
    public IEnumerable<int> Round() => _last is { } last
        ? Enumerable.Range(0, count).Where(rung => rung != last).Prepend(last)
        : Enumerable.Range(0, count);

    /// <summary>A way was found.</summary>
    public void Found(int rung) => _last = rung;

    /// <summary>The way that was found brought something through.</summary>
    public void Succeeded() => _fruitless = 0;

    /// <summary>The way that was found brought nothing through: when it does so again, the others come first.</summary>
    public void Failed()
    {
        if (++_fruitless >= Enough)
        {
            (_last, _fruitless) = ((_last + 1) % count, 0);
        }
    }

    /// <summary>No way was found: from the best again.</summary>
    public void Exhausted() => (_last, _fruitless) = (null, 0);
}

using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Node;

/// <summary>Matches what watchers received with what was published, by request and fix time. Thread-safe.</summary>
internal sealed class Arrivals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid RequestId, long FixMs), long> _published = [];
    private readonly Histogram _latency = new();
    private int _unknown;

    /// <summary>Published and not yet arrived.</summary>
    public int Missing
    {
        get { lock (_lock) { return _published.Count; } }
    }

    /// <summary>Arrived twice, or never published in the measured time.</summary>
    public int Unknown
    {
        get { lock (_lock) { return _unknown; } }
    }

    /// <summary>A position was published.</summary>
    public void Expect(Guid requestId, long fixMs, long publishedAt)
    {
        lock (_lock)
        {
            _published.Add((requestId, fixMs), publishedAt);
        }
    }

    /// <summary>A location arrived.</summary>
    public void Arrive(Guid requestId, long fixMs, long arrivedAt)
    {
        lock (_lock)
        {
            if (_published.Remove((requestId, fixMs), out var publishedAt))
            {
                _latency.Record(publishedAt, arrivedAt);
            }
            else
            {
                _unknown++;
            }
        }
    }

    /// <summary>Forgets what has arrived, at the end of the warm-up.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _latency.Clear();
            _unknown = 0;
        }
    }

    /// <summary>Publish to arrival.</summary>
    public Latency Summarize()
    {
        lock (_lock)
        {
            return _latency.Summarize();
        }
    }
}

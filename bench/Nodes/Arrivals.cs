using System.Diagnostics;
using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live.Bench;

/// <summary>Takes events whose timestamp is when they were published, in ticks of <see cref="Stopwatch"/>.</summary>
internal sealed class Arrivals : ILiveListener
{
    private readonly Lock _gate = new();
    private readonly List<double> _milliseconds = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _milliseconds.Count;
            }
        }
    }

    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        if (numbered.Event is LocationEvent place)
        {
            var milliseconds = Stopwatch.GetElapsedTime(place.Timestamp).TotalMilliseconds;
            lock (_gate)
            {
                _milliseconds.Add(milliseconds);
            }
        }
    }

    /// <summary>Forgets what came so far.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _milliseconds.Clear();
        }
    }

    /// <summary>So many in a thousand came within, ms.</summary>
    public double Within(int thousandths)
    {
        lock (_gate)
        {
            _milliseconds.Sort();
            return _milliseconds.Count == 0 ? double.NaN : _milliseconds[Math.Min(_milliseconds.Count - 1, _milliseconds.Count * thousandths / 1_000)];
        }
    }
}

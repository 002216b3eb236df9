using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>Listens to one counter of one host.</summary>
internal sealed class CountedMeasurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _tags = [];

    public CountedMeasurements(IServiceProvider host, string instrument)
    {
        var factory = host.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) => _tags.Enqueue(string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
        _listener.Start();
    }

    /// <summary>The tags of each measurement, in order.</summary>
    public IReadOnlyCollection<string> Tags => _tags;

    public void Dispose() => _listener.Dispose();
}

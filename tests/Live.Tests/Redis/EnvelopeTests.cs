using System.Diagnostics.Metrics;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Events of many streams that go to Redis together.</summary>
public sealed class EnvelopeTests(RedisFixture redis) : IAsyncLifetime
{
    private readonly MeterListener _listener = new();
    private LiveNode? _one;
    private LiveNode? _other;
    private long _envelopes;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _one = await LiveNode.StartAsync(redis.Configuration, maxEnvelope: 50);
        _other = await LiveNode.StartAsync(redis.Configuration);
        var meters = _one.Meters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "artmqtt.live.redis.envelopes" && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _envelopes, count));
        _listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _one!.DisposeAsync();
        await _other!.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_together_goes_together()
    {
        var requests = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToArray();
        var watchers = new List<Watcher>();
        foreach (var request in requests)
        {
            watchers.Add(await Watcher.StartAsync(_other!.Streams, request, Token));
        }

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i =>
            _one!.Streams.PublishAsync(requests[i % 100], Place(1 + (i / 100)), Token).AsTask()));

        await Eventually.TrueAsync(() => watchers.TrueForAll(watcher => watcher.Seen.Count == 10), Token);
        Assert.All(watchers, watcher => Assert.Equal<LiveEvent>(Enumerable.Range(1, 10).Select(at => Place(at)), watcher.Seen));
        Assert.InRange(Interlocked.Read(ref _envelopes), 1_000 / 50, 200);
        watchers.ForEach(watcher => watcher.Dispose());
    }

    [Fact]
    public async Task What_is_damaged_costs_nothing_but_itself()
    {
        var requests = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();
        await _one!.Link.Database.StringSetAsync($"art:{{{requests[10]:N}}}:now", "damaged", TimeSpan.FromMinutes(1));

        var numbered = await Task.WhenAll(requests.Select(request => _one.Streams.PublishAsync(request, Place(1), Token).AsTask()));

        Assert.All(numbered, published => Assert.NotNull(published));
        foreach (var (request, published) in requests.Zip(numbered))
        {
            if (request != requests[10])
            {
                using var there = await _other!.Streams.SubscribeAsync(request, null, new RecordingListener(), Token);
                Assert.Equal((Place(1), published!.Cursor), (there.Snapshot.Operator, there.Cursor));
            }
        }

        // It goes on alone, and is told when that is possible.
        await _one.Link.Database.KeyDeleteAsync($"art:{{{requests[10]:N}}}:now");
        await Eventually.TrueAsync(_one.IsHealthyAsync, Token);
        using var healed = await _other!.Streams.SubscribeAsync(requests[10], null, new RecordingListener(), Token);
        Assert.Equal(Place(1), healed.Snapshot.Operator);
    }

    private static LocationEvent Place(long timestamp) => new(PositionRole.Operator, 48.1, 11.5, timestamp, 1, null, null);
}

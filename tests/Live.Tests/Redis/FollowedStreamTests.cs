using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>Events and answers that overtake each other.</summary>
public sealed class FollowedStreamTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<LiveMetrics>().BuildServiceProvider();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly RecordingListener _seen = new();
    private readonly LiveDelivery _delivery;
    private readonly FollowedStream _followed;

    public FollowedStreamTests()
    {
        _delivery = new LiveDelivery(_services.GetRequiredService<LiveMetrics>(), NullLogger.Instance);
        _followed = new FollowedStream(new MemoryLiveStream(Guid.NewGuid(), 256, _now), 256, _turn);
    }

    public void Dispose()
    {
        _services.Dispose();
        _turn.Dispose();
    }

    [Fact]
    public void An_event_that_overtakes_the_first_answer_is_read()
    {
        var before = _followed.NotTaken;
        Take("a", 6);
        Follow("a", 5, before);
        Assert.True(_followed.IsStale(_now, _patience));

        Follow("a", 6, _followed.NotTaken);
        Assert.False(_followed.IsStale(_now, _patience));
    }

    [Fact]
    public void An_event_of_a_new_epoch_that_overtakes_the_answer_is_read()
    {
        Follow("a", 5, _followed.NotTaken);
        var before = _followed.NotTaken;
        Take("b", 2);
        Follow("b", 1, before);
        Assert.True(_followed.IsStale(_now, _patience));
    }

    [Fact]
    public void What_comes_out_of_order_is_told_in_order()
    {
        Follow("a", 1, _followed.NotTaken);
        using var subscription = _followed.Stream.TrySubscribe(null, _seen, _ => { });
        Take("a", 4);
        Take("a", 3);
        Assert.False(_followed.IsStale(_now, _patience));
        Assert.True(_followed.IsStale(_now + (2 * _patience), _patience));
        Take("a", 2);
        Take("a", 3);

        Assert.Equal([2L, 3, 4], _seen.Sequences);
        Assert.False(_followed.IsStale(_now + (2 * _patience), _patience));
    }

    [Fact]
    public void Too_much_out_of_order_is_read_at_once()
    {
        Follow("a", 1, _followed.NotTaken);
        for (var sequence = 3; sequence < 100; sequence++)
        {
            Take("a", sequence);
        }

        Assert.True(_followed.IsStale(_now, _patience));
    }

    private void Take(string epoch, long sequence) => _followed.Take(Numbered(epoch, sequence), _now, _delivery);

    private void Follow(string epoch, long sequence, int notTaken) => Assert.True(_followed.TryFollow(
        new RedisStream(new Cursor(epoch, sequence), LiveSnapshot.Empty, [Numbered(epoch, sequence)]), notTaken, _now, _delivery));

    private static NumberedEvent Numbered(string epoch, long sequence) => new(
        new Cursor(epoch, sequence), new LocationEvent(PositionRole.Operator, 48.1, 11.5, sequence, null, null, null));
}

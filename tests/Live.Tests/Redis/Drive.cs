using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>A request whose vehicle is on one node, and which is watched there and on another one.</summary>
internal sealed class Drive : IDisposable
{
    private readonly LiveNode _one;
    private readonly List<NumberedEvent> _published = [];
    private int _version;

    private Drive(LiveNode one, Watcher here, Watcher there, Guid request) => (_one, Here, There, Request) = (one, here, there, request);

    public Guid Request { get; }

    /// <summary>Who watches on the node of the vehicle.</summary>
    public Watcher Here { get; }

    /// <summary>Who watches on the other node.</summary>
    public Watcher There { get; }

    /// <summary>The newest place.</summary>
    public long Time { get; private set; }

    /// <summary>Numbers that were given to what was published.</summary>
    public IReadOnlyList<NumberedEvent> Published => _published;

    /// <summary>Whether both have seen the newest.</summary>
    public bool IsSeen => IsSeenBy(Here) && IsSeenBy(There);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Drive> StartAsync(LiveNode one, LiveNode other)
    {
        var request = Guid.NewGuid();
        return new Drive(
            one, await Watcher.StartAsync(one.Streams, request, Token), await Watcher.StartAsync(other.Streams, request, Token), request);
    }

    /// <summary>Starts many, of all slots.</summary>
    public static async Task<IReadOnlyList<Drive>> StartAsync(LiveNode one, LiveNode other, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync(one, other)));

    /// <summary>The vehicle moves.</summary>
    public Task MoveAsync() => PublishAsync(Place(++Time));

    /// <summary>Where it was then.</summary>
    public static LocationEvent Place(long time) => new(PositionRole.Operator, 48.1, 11.5, time, null, null, null);

    /// <summary>The request goes on.</summary>
    public Task GoOnAsync(RequestStatus status) => PublishAsync(new StatusEvent(status, null, ++_version, "test") { Version = _version });

    /// <summary>Who was sent away comes again.</summary>
    public async Task RejoinAsync()
    {
        await Here.RejoinAsync(Token);
        await There.RejoinAsync(Token);
    }

    /// <summary>No number stands for two events, and nobody saw anything twice, or a vehicle that drives backwards.</summary>
    public void AssertSound()
    {
        var meanings = _published.Concat(Here.Told).Concat(There.Told)
            .ToLookup(numbered => numbered.Cursor, numbered => Watcher.AsTold(numbered.Event));
        Assert.DoesNotContain(meanings, meaning => meaning.Distinct().Skip(1).Any());
        foreach (var watcher in new[] { Here, There })
        {
            Assert.DoesNotContain(watcher.Seen.Select(Watcher.AsTold).GroupBy(seen => seen), same => same.Skip(1).Any());
            var times = watcher.Seen.OfType<LocationEvent>().Select(place => place.Timestamp).ToList();
            Assert.Equal(times.Order(), times);
        }
    }

    /// <summary>Nothing is missing either.</summary>
    public void AssertComplete(Watcher watcher) =>
        Assert.Equal(Enumerable.Range(1, (int)Time).Select(time => (long)time), watcher.Seen.OfType<LocationEvent>().Select(place => place.Timestamp));

    public void Dispose()
    {
        Here.Dispose();
        There.Dispose();
    }

    private bool IsSeenBy(Watcher watcher) =>
        (watcher.Seen.OfType<LocationEvent>().LastOrDefault()?.Timestamp ?? 0) == Time
        && (watcher.Seen.OfType<StatusEvent>().LastOrDefault()?.At ?? 0) == _version;

    private async Task PublishAsync(LiveEvent liveEvent)
    {
        var numbered = await _one.Streams.PublishAsync(Request, liveEvent, Token);
        Assert.NotNull(numbered);
        _published.Add(numbered);
    }
}

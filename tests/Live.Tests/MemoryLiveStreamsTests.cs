using ArtMqtt.Contracts.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Tests;

/// <summary>The contract, and what only streams in memory do: forget.</summary>
public sealed class MemoryLiveStreamsTests : LiveStreamsContract, IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public MemoryLiveStreamsTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Live:RingSize"] = $"{RingSize}", ["Live:MaxStreams"] = "10" }).Build();
        services.AddSingleton(configuration).AddLiveStreams(configuration);
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    protected override ILiveStreams Create() => _services.GetRequiredService<ILiveStreams>();

    [Fact]
    public async Task Idle_streams_are_evicted_and_start_again_in_a_new_epoch()
    {
        var streams = (MemoryLiveStreams)Create();
        var (idle, watched) = (Guid.NewGuid(), Guid.NewGuid());
        var before = (await streams.PublishAsync(idle, Status(RequestStatus.Pending), Token))!.Cursor;
        using var subscription = await streams.SubscribeAsync(watched, null, new RecordingListener(), Token);
        var sweeper = _services.GetServices<IHostedService>().OfType<IdleStreamSweeper>().Single();
        await sweeper.StartAsync(Token);

        // The sweeper makes its timer on its own thread, so time goes on until it has one.
        while (streams.Count > 1)
        {
            Time.Advance(TimeSpan.FromMinutes(15));
            await Task.Yield();
        }

        await sweeper.StopAsync(Token);
        Assert.False(await streams.HasSnapshotAsync(idle, Token));
        using var again = await streams.SubscribeAsync(idle, before, new RecordingListener(), Token);
        Assert.False(again.IsRecovered);
        Assert.NotEqual(before.Epoch, again.Cursor.Epoch);
    }

    [Fact]
    public async Task Too_many_streams_evict_the_longest_unused_that_nobody_watches()
    {
        var streams = (MemoryLiveStreams)Create();
        var watched = Guid.NewGuid();
        using var subscription = await streams.SubscribeAsync(watched, null, new RecordingListener(), Token);
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToList();
        foreach (var id in ids)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await streams.PublishAsync(id, Status(RequestStatus.Pending), Token);
        }

        Assert.Equal(10, streams.Count);
        var left = new List<Guid>();
        foreach (var id in ids)
        {
            if (await streams.HasSnapshotAsync(id, Token))
            {
                left.Add(id);
            }
        }

        Assert.Equal(ids[^9..], left);
    }

    [Fact]
    public async Task Watched_streams_may_exceed_the_limit()
    {
        var streams = (MemoryLiveStreams)Create();
        var subscriptions = new List<ILiveSubscription>();
        for (var i = 0; i < 30; i++)
        {
            subscriptions.Add(await streams.SubscribeAsync(Guid.NewGuid(), null, new RecordingListener(), Token));
        }

        Assert.Equal(30, streams.Count);

        subscriptions.ForEach(s => s.Dispose());
        await streams.PublishAsync(Guid.NewGuid(), Status(RequestStatus.Pending), Token);
        Assert.Equal(10, streams.Count);
    }

    [Fact]
    public async Task Evicting_while_publishing_loses_no_event_of_a_watcher()
    {
        var streams = (MemoryLiveStreams)Create();
        var requests = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToArray();
        await Parallel.ForEachAsync(Enumerable.Range(0, 4_000), Token, async (i, token) =>
        {
            var request = requests[i % requests.Length];
            var listener = new RecordingListener();
            using var subscription = await streams.SubscribeAsync(request, null, listener, Token);
            var numbered = await streams.PublishAsync(request, Status(RequestStatus.EnRoute), token);
            subscription.Dispose();
            Assert.Contains(numbered!.Cursor, listener.Events.Select(e => e.Numbered.Cursor));
        });
        Assert.InRange(streams.Count, 1, 40);
    }

    [Fact]
    public void Options_are_validated()
    {
        var services = new ServiceCollection();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Live:RingSize"] = "0" }).Build();
        using var provider = services.AddSingleton(configuration).AddLiveStreams(configuration).BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<ILiveStreams>());
    }
}

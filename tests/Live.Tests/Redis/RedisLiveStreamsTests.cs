namespace ArtMqtt.Live.Tests.Redis;

/// <summary>The contract, as one node that shares its streams keeps it.</summary>
public sealed class RedisLiveStreamsTests(RedisFixture redis) : LiveStreamsContract, IAsyncLifetime
{
    private LiveNode? _node;

    public async ValueTask InitializeAsync() => _node = await LiveNode.StartAsync(redis.Configuration, RingSize);

    public ValueTask DisposeAsync() => _node!.DisposeAsync();

    protected override ILiveStreams Create() => _node!.Streams;
}

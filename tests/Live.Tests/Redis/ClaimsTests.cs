using ArtMqtt.TestKit;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>A client that goes from node to node.</summary>
public sealed class ClaimsTests(RedisFixture redis) : IAsyncLifetime
{
    private readonly string _client = Guid.NewGuid().ToString();
    private LiveNode? _one;
    private LiveNode? _other;
    private int _takenFromOne;
    private int _takenFromOther;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _one = await LiveNode.StartAsync(redis.Configuration);
        _other = await LiveNode.StartAsync(redis.Configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await _one!.DisposeAsync();
        await _other!.DisposeAsync();
    }

    [Fact]
    public async Task A_client_is_put_out_where_it_was()
    {
        // Nothing orders two claims that are on their way at once, so it goes again until it is later.
        using var here = ClaimOnOne();
        await Eventually.TrueAsync(
            () =>
            {
                ClaimOnOther();
                return Volatile.Read(ref _takenFromOne) == 1;
            },
            Token);
        here.Dispose();

        await Eventually.TrueAsync(
            () =>
            {
                ClaimOnOne();
                return Volatile.Read(ref _takenFromOther) > 0;
            },
            Token);
    }

    [Fact]
    public async Task Many_moves_at_once_leave_it_on_one_node()
    {
        var (lastOfOne, lastOfOther) = (0, 0);
        for (var i = 0; i < 50; i++)
        {
            (lastOfOne, lastOfOther) = (0, 0);
            _one!.Claims.Claim(_client, () => Interlocked.Increment(ref lastOfOne));
            _other!.Claims.Claim(_client, () => Interlocked.Increment(ref lastOfOther));
        }

        await Eventually.TrueAsync(() => Volatile.Read(ref lastOfOne) + Volatile.Read(ref lastOfOther) > 0, Token);

        // Behind everything that the moves have caused: what comes later is not of them.
        for (var i = 0; i < 5; i++)
        {
            var (isTaken, barrier) = (0, $"barrier-{i}");
            _one!.Claims.Claim(barrier, () => Interlocked.Increment(ref isTaken));
            await Eventually.TrueAsync(
                () =>
                {
                    _other!.Claims.Claim(barrier, () => { });
                    return Volatile.Read(ref isTaken) > 0;
                },
                Token);
        }

        Assert.Equal(1, lastOfOne + lastOfOther);
    }

    private IDisposable ClaimOnOne() => _one!.Claims.Claim(_client, () => Interlocked.Increment(ref _takenFromOne));

    private IDisposable ClaimOnOther() => _other!.Claims.Claim(_client, () => Interlocked.Increment(ref _takenFromOther));
}

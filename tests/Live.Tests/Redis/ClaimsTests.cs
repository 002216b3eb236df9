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
        // Each claim is counted for itself: an earlier one may end while the last ones are made.
        var (lastOfOne, lastOfOther) = (new Count(), new Count());
        for (var i = 0; i < 50; i++)
        {
            var (ofOne, ofOther) = (new Count(), new Count());
            _one!.Claims.Claim(_client, ofOne.Add);
            _other!.Claims.Claim(_client, ofOther.Add);
            (lastOfOne, lastOfOther) = (ofOne, ofOther);
        }

        await Eventually.TrueAsync(() => lastOfOne.Value + lastOfOther.Value > 0, Token);

        // Behind everything that the moves have caused: what comes later is not of them.
        for (var i = 0; i < 5; i++)
        {
            var (isTaken, barrier) = (new Count(), $"barrier-{i}");
            _one!.Claims.Claim(barrier, isTaken.Add);
            await Eventually.TrueAsync(
                () =>
                {
                    _other!.Claims.Claim(barrier, () => { });
                    return isTaken.Value > 0;
                },
                Token);
        }

        Assert.Equal(1, lastOfOne.Value + lastOfOther.Value);
    }

    private IDisposable ClaimOnOne() => _one!.Claims.Claim(_client, () => Interlocked.Increment(ref _takenFromOne));

    private IDisposable ClaimOnOther() => _other!.Claims.Claim(_client, () => Interlocked.Increment(ref _takenFromOther));

    private sealed class Count
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}

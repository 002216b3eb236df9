using System.Net;
using ArtMqtt.Broker.Mqtt.Limits;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Mqtt.Limits;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void One_seconds_worth_may_come_at_once_the_rest_is_spread()
    {
        var pace = new Pace(perSecond: 10, _time);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, pace.Take(1, TimeSpan.MaxValue)));
        Assert.Equal(
            [100, 200, 300],
            Enumerable.Range(0, 3).Select(_ => (int)Math.Round(pace.Take(1, TimeSpan.MaxValue)!.Value.TotalMilliseconds)));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.Zero, pace.Take(10, TimeSpan.MaxValue));
    }

    [Fact]
    public void Who_would_wait_too_long_takes_no_turn()
    {
        var pace = new Pace(perSecond: 1, _time);
        pace.Take(1, TimeSpan.MaxValue);

        Assert.Null(pace.Take(3, TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.Take(1, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void A_client_that_presses_on_is_slowed_and_at_last_sent_away()
    {
        var throttle = new PublishThrottle(
            new BrokerOptions { MaxPublishesPerSecond = 1, ThrottleTimeout = TimeSpan.FromSeconds(30) }, _time);
        Assert.Equal(TimeSpan.Zero, throttle.Take(100));

        for (var i = 0; i < 30; i++)
        {
            Assert.True(throttle.Take(100) > TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(throttle.Take(100));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(TimeSpan.Zero, throttle.Take(100));
    }

    [Fact]
    public void Many_bytes_slow_a_client_as_many_publishes_do()
    {
        var throttle = new PublishThrottle(new BrokerOptions { MaxBytesPerSecond = 1_024 }, _time);

        Assert.Equal(TimeSpan.Zero, throttle.Take(1_024));
        Assert.Equal(1, throttle.Take(1_024)!.Value.TotalSeconds, 3);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void Connections_are_counted_by_address(string one, string other, bool isSame)
    {
        var slots = new AddressSlots(limit: 1);
        var (first, second) = (new IPEndPoint(IPAddress.Parse(one), 1), new IPEndPoint(IPAddress.Parse(other), 2));

        Assert.True(slots.TryTake(first));
        Assert.Equal(!isSame, slots.TryTake(second));
        slots.Release(first);
        if (!isSame)
        {
            slots.Release(second);
        }

        Assert.Equal(0, slots.Count);
        Assert.True(slots.TryTake(second));
    }
}

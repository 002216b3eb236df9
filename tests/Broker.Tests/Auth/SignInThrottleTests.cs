using System.Net;
using ArtMqtt.Broker.Auth;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Auth;

public sealed class SignInThrottleTests
{
    private static readonly IPAddress _one = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress _other = IPAddress.Parse("192.0.2.2");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Refuses_an_address_for_a_while_after_too_many_failures_in_a_minute()
    {
        var throttle = Create(3);
        Fail(throttle, _one, 2);
        Assert.True(throttle.MayTry(_one));

        Fail(throttle, _one, 1);
        Assert.False(throttle.MayTry(_one));
        Assert.False(throttle.MayTry(_one.MapToIPv6()));
        Assert.True(throttle.MayTry(_other));

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(throttle.MayTry(_one));
        Fail(throttle, _one, 2);
        Assert.True(throttle.MayTry(_one));
    }

    [Fact]
    public void Failures_of_an_earlier_minute_do_not_count()
    {
        var throttle = Create(3);
        Fail(throttle, _one, 2);
        _time.Advance(TimeSpan.FromSeconds(61));
        Fail(throttle, _one, 2);

        Assert.True(throttle.MayTry(_one));
    }

    [Fact]
    public void A_success_forgives()
    {
        var throttle = Create(3);
        Fail(throttle, _one, 3);
        throttle.Succeeded(_one);

        Assert.True(throttle.MayTry(_one));
        Assert.Equal(0, throttle.Count);
    }

    [Fact]
    public void An_ipv6_network_is_one_address()
    {
        var throttle = Create(2);
        throttle.Failed(IPAddress.Parse("2001:db8:0:1::1"));
        throttle.Failed(IPAddress.Parse("2001:db8:0:1:ffff::2"));

        Assert.False(throttle.MayTry(IPAddress.Parse("2001:db8:0:1::3")));
        Assert.True(throttle.MayTry(IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public void Forgets_the_oldest_when_it_is_full()
    {
        var throttle = Create(1, maxAddresses: 100);
        for (var i = 0; i < 1_000; i++)
        {
            throttle.Failed(new IPAddress(0x0A000000 + i));
        }

        Assert.Equal(100, throttle.Count);
        Assert.True(throttle.MayTry(new IPAddress(0x0A000000)));
        Assert.False(throttle.MayTry(new IPAddress(0x0A000000 + 999)));
    }

    [Fact]
    public void Can_be_switched_off()
    {
        var throttle = Create(0);
        Fail(throttle, _one, 1_000);

        Assert.True(throttle.MayTry(_one));
        Assert.Equal(0, throttle.Count);
    }

    private static void Fail(SignInThrottle throttle, IPAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            throttle.Failed(address);
        }
    }

    private SignInThrottle Create(int failures, int maxAddresses = 1_000) => new(
        Options.Create(new SignInThrottleOptions
        {
            MaxFailuresPerMinute = failures,
            RefuseFor = TimeSpan.FromMinutes(5),
            MaxAddresses = maxAddresses,
        }),
        _time);
}

using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Tests;

/// <summary>The first place at once, then the newest at the end of each interval.</summary>
public sealed class LiveThinnerTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid _request = Guid.NewGuid();
    private readonly LiveThinner _thinner = new(TimeSpan.FromSeconds(2));

    [Fact]
    public void The_first_passes_and_the_newest_of_the_rest_follows_at_the_end_of_the_interval()
    {
        Assert.True(Offer(0));
        Assert.False(Offer(0.5));
        Assert.False(Offer(1.5));
        Assert.Equal([], Due(1.9));
        Assert.Equal([1.5], Due(2.0));
        Assert.False(Offer(2.5));
        Assert.Equal([], Due(3.9));
        Assert.Equal([2.5], Due(4.1));
        Assert.Equal([], Due(60));
        Assert.True(Offer(61));
    }

    [Fact]
    public void A_late_place_does_not_replace_a_newer_one()
    {
        Offer(0);
        Offer(1.5);
        Assert.False(_thinner.Passes(_request, Place(1), At(1.6), out var replaced));
        Assert.True(replaced);

        Assert.Equal([1.5], Due(2));
    }

    [Fact]
    public void Requests_and_roles_do_not_wait_for_each_other()
    {
        Assert.True(Offer(0));
        Assert.True(_thinner.Passes(_request, Place(0, PositionRole.Customer), At(0), out _));
        Assert.True(_thinner.Passes(Guid.NewGuid(), Place(0), At(0), out _));
    }

    [Fact]
    public void Nothing_is_kept_of_those_who_stand_still()
    {
        for (var i = 0; i < 1_000; i++)
        {
            _thinner.Passes(Guid.NewGuid(), Place(0), At(0), out _);
        }

        Assert.NotNull(_thinner.NextDue);
        Assert.Equal([], Due(2));
        Assert.Null(_thinner.NextDue);
    }

    [Fact]
    public void At_random_no_two_are_closer_than_the_interval_and_the_last_is_always_shown()
    {
        var random = new Random(5);
        var (shown, now) = (new List<(double At, double Place)>(), 0.0);
        for (var i = 0; i < 2_000; i++)
        {
            now = Math.Round(now + (random.NextDouble() * (random.Next(10) == 0 ? 10 : 1)), 3);
            shown.AddRange(Due(now).Select(place => (now, place)));
            if (Offer(now))
            {
                shown.Add((now, now));
            }
        }

        var last = now;
        shown.AddRange(Due(now + 2).Select(place => (now + 2, place)));

        Assert.Equal(last, shown[^1].Place);
        Assert.All(shown.Zip(shown.Skip(1)), pair => Assert.True(pair.Second.Place > pair.First.Place));
        Assert.All(shown.Zip(shown.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= 1.999));
    }

    [Fact]
    public void Zero_lets_everything_through()
    {
        var open = new LiveThinner(TimeSpan.Zero);
        Assert.True(open.Passes(_request, Place(1), At(1), out _) && open.Passes(_request, Place(1), At(1), out _));
        Assert.Null(open.NextDue);
    }

    private static DateTimeOffset At(double second) => _start.AddMilliseconds(Math.Round(second * 1_000));

    private static LocationEvent Place(double second, PositionRole role = PositionRole.Operator) =>
        new(role, 48, 11, At(second).ToUnixTimeMilliseconds(), null, null, null);

    private bool Offer(double second) => _thinner.Passes(_request, Place(second), At(second), out _);

    private List<double> Due(double second)
    {
        var due = new List<double>();
        while (_thinner.TryTake(At(second), out var requestId, out var location))
        {
            Assert.Equal(_request, requestId);
            due.Add((location.Timestamp - _start.ToUnixTimeMilliseconds()) / 1000.0);
        }

        return due;
    }
}

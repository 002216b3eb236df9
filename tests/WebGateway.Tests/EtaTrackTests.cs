using ArtMqtt.WebGateway.Eta;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What of all estimates is told.</summary>
public sealed class EtaTrackTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly List<EtaNews> _told = [];
    private EtaTrack _track = new(new EtaOptions());

    [Fact]
    public void The_first_estimate_is_told_at_once()
    {
        Estimate(1_200);

        var eta = Assert.Single(_told).Event;
        Assert.Equal((1_200, 600, 2_400, 9_000, "history"), (eta.EtaSeconds, eta.Low, eta.High, eta.DistanceMeters, eta.Source));
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), eta.ComputedAt);
        Assert.Equal(eta.ComputedAt + 1_200_000, eta.EtaAt);
        Assert.Equal((null, null), (eta.Threshold, eta.DelayedSeconds));
    }

    [Fact]
    public void Noise_does_not_make_it_flicker()
    {
        var random = new Random(1);
        var arrival = _time.GetUtcNow().AddMinutes(40);
        for (var i = 0; i < 120; i++)
        {
            // Each estimate is off by up to 15 %.
            Estimate((arrival - _time.GetUtcNow()).TotalSeconds * (0.85 + (0.3 * random.NextDouble())));
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        // The first, and one every two minutes that says that it still holds.
        Assert.InRange(_told.Count, 10, 13);
        var said = _told.ConvertAll(news => DateTimeOffset.FromUnixTimeMilliseconds(news.Event.EtaAt));
        Assert.All(said.Skip(1).Zip(said.Skip(2)), pair => Assert.InRange(
            (pair.First - pair.Second).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(3)));
    }

    [Fact]
    public void A_drive_that_goes_as_said_is_told_only_to_show_that_it_still_holds()
    {
        DriveTo(_time.GetUtcNow().AddMinutes(30), minutes: 15);

        Assert.Equal(8, _told.Count);
        Assert.Single(_told.Select(news => news.Event.EtaAt).Distinct());
    }

    [Fact]
    public void A_jam_is_told_within_a_minute_and_as_a_delay_when_it_is_one()
    {
        DriveTo(_time.GetUtcNow().AddMinutes(20), minutes: 2);
        var before = _told.Count;
        var jam = _time.GetUtcNow();
        var late = jam.AddMinutes(28);

        for (var i = 0; i < 6; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Estimate((late - _time.GetUtcNow()).TotalSeconds);
        }

        var news = _told.Skip(before).ToList();
        Assert.NotEmpty(news);
        Assert.True(DateTimeOffset.FromUnixTimeMilliseconds(news[0].Event.ComputedAt) - jam <= TimeSpan.FromSeconds(20));
        var delay = Assert.Single(news, n => n.IsMilestone).Event;
        Assert.InRange(delay.DelayedSeconds!.Value, 300, 600);
        // It is ten minutes late; most of that is told after the first of them.
        Assert.InRange(news[^1].Event.DelayedSeconds!.Value, 300, 600);
    }

    [Fact]
    public void A_delay_is_over_when_half_of_it_is_made_up_for()
    {
        _track = new EtaTrack(new EtaOptions { Smoothing = TimeSpan.Zero });
        Estimate(1_200);
        Step(1_200 + 290);
        Assert.Null(_told[^1].Event.DelayedSeconds);
        Step(1_200 + 390);
        Assert.True(_told[^1].IsMilestone);
        Step(1_200 + 150);
        Assert.NotNull(_told[^1].Event.DelayedSeconds);
        Step(1_200);
        Assert.Null(_told[^1].Event.DelayedSeconds);
        Assert.Single(_told, news => news.IsMilestone);

        void Step(double seconds)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Estimate(seconds);
        }
    }

    [Fact]
    public void Each_threshold_is_told_once_when_it_is_passed()
    {
        DriveTo(_time.GetUtcNow().AddMinutes(12), minutes: 13);

        Assert.Equal([600, 300, 60], _told.Where(news => news.IsMilestone).Select(news => news.Event.Threshold!.Value));
        Assert.All(_told, news => Assert.True(news.Event.Threshold is not { } threshold || news.Event.EtaSeconds <= threshold));
        Assert.Equal(0, _told[^1].Event.EtaSeconds);
    }

    [Fact]
    public void Who_begins_nearby_passes_the_shortest_threshold_only()
    {
        Estimate(240);
        Assert.Equal(300, Assert.Single(_told).Event.Threshold);

        // Going away and coming back is no news.
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            Estimate(i < 10 ? 900 : 240);
        }

        Assert.Single(_told, news => news.Event.Threshold is not null);
    }

    [Fact]
    public void Thresholds_can_be_set()
    {
        _track = new EtaTrack(new EtaOptions { Thresholds = [TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15)] });
        DriveTo(_time.GetUtcNow().AddMinutes(16), minutes: 16);

        Assert.Equal([900, 120], _told.Where(news => news.IsMilestone).Select(news => news.Event.Threshold!.Value));
    }

    [Fact]
    public void An_estimate_counts_from_when_the_operator_was_there()
    {
        var news = new EtaTrack(new EtaOptions()).Next(
            new EtaEstimate(600, 300, 900, 5_000, "history"), _time.GetUtcNow().AddSeconds(-40), _time.GetUtcNow())!.Event;

        Assert.Equal((560, 280, 840), (news.EtaSeconds, news.Low, news.High));
    }

    private void DriveTo(DateTimeOffset arrival, int minutes)
    {
        for (var i = 0; i <= minutes * 6; i++)
        {
            Estimate(Math.Max(0, (arrival - _time.GetUtcNow()).TotalSeconds));
            _time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    private void Estimate(double seconds)
    {
        var now = _time.GetUtcNow();
        if (_track.Next(new EtaEstimate(seconds, seconds / 2, seconds * 2, seconds * 7.5, "history"), now, now) is { } news)
        {
            _told.Add(news);
        }
    }
}

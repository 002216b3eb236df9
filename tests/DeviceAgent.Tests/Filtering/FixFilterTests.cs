using System.Text;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Filtering;

namespace ArtMqtt.DeviceAgent.Tests.Filtering;

public sealed class FixFilterTests
{
    private const double MetresPerDegree = 111_195;

    private static readonly DateTimeOffset _start = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);

    private readonly FixFilter _filter = new(new FilterOptions());

    [Fact]
    public void Keeps_the_first_and_none_within_the_shortest_interval()
    {
        // 60 m a second, so every second is worth keeping by distance.
        var kept = Enumerable.Range(0, 20).Where(s => Judge(At(s, s * 60)) == FilterVerdict.Kept).ToList();

        Assert.Equal([0, 2, 4, 6, 8, 10, 12, 14, 16, 18], kept);
    }

    [Fact]
    public void A_straight_road_is_told_by_distance_and_time()
    {
        // 10 m/s: 100 m every 10 s.
        var kept = Enumerable.Range(0, 60).Where(s => Judge(At(s, s * 10) with { Speed = 10, Heading = 0 })
            == FilterVerdict.Kept).ToList();

        Assert.Equal([0, 10, 20, 30, 40, 50], kept);
    }

    [Fact]
    public void A_turn_is_kept()
    {
        Judge(At(0, 0) with { Speed = 5, Heading = 350 });

        Assert.Equal(FilterVerdict.Redundant, Judge(At(3, 15) with { Speed = 5, Heading = 4 }));
        Assert.Equal(FilterVerdict.Kept, Judge(At(6, 30) with { Speed = 5, Heading = 6 }));
    }

    [Fact]
    public void A_turn_is_seen_without_a_compass()
    {
        Judge(At(0, 0));
        Assert.Equal(FilterVerdict.Redundant, Judge(At(2, 10)));
        // The first kept one has no heading: nothing to compare with yet.
        Judge(At(22, 110));
        Assert.Equal(FilterVerdict.Kept, Judge(At(25, 110, east: 20)));
    }

    [Fact]
    public void Headings_at_walking_pace_are_noise()
    {
        Judge(At(0, 0) with { Speed = 5, Heading = 0 });

        Assert.Equal(FilterVerdict.Redundant, Judge(At(3, 3) with { Speed = 1, Heading = 180 }));
    }

    [Fact]
    public void A_change_of_speed_is_kept()
    {
        Judge(At(0, 0) with { Speed = 10, Heading = 0 });

        Assert.Equal(FilterVerdict.Redundant, Judge(At(2, 16) with { Speed = 6, Heading = 0 }));
        Assert.Equal(FilterVerdict.Kept, Judge(At(4, 28) with { Speed = 5, Heading = 0 }));
    }

    [Fact]
    public void A_standing_device_says_where_it_stopped_and_then_only_that_it_lives()
    {
        var kept = new List<int>();
        for (var s = 0; s < 1000; s++)
        {
            // Jitter of 5 m, and the speed a receiver makes of it.
            if (Judge(At(s, s % 2 * 5) with { Speed = 0.8f, Heading = s * 37 % 360 }) == FilterVerdict.Kept)
            {
                kept.Add(s);
            }
        }

        Assert.Equal([0, 30, 330, 630, 930], kept);
        Assert.Equal(1000, _filter.Counts.Total);
        Assert.True(_filter.Counts[FilterVerdict.Stationary] > 900);
    }

    [Fact]
    public void Leaving_is_kept_at_once()
    {
        for (var s = 0; s < 100; s++)
        {
            Judge(At(s, 0) with { Speed = 0 });
        }

        Assert.Equal(FilterVerdict.Stationary, Judge(At(100, 1) with { Speed = 1 }));
        Assert.Equal(FilterVerdict.Kept, Judge(At(101, 5) with { Speed = 4 }));
    }

    [Fact]
    public void Repeated_and_backward_times_are_left_out()
    {
        Judge(At(10, 0));

        Assert.Equal(FilterVerdict.Duplicate, Judge(At(10, 50)));
        Assert.Equal(FilterVerdict.Backward, Judge(At(9, 50)));
        Assert.Equal(FilterVerdict.Kept, Judge(At(14, 200)));
    }

    [Fact]
    public void A_date_in_the_future_does_not_silence_the_device_for_years()
    {
        Judge(At(0, 0) with { FixTime = _start.AddYears(12) });

        var verdicts = Enumerable.Range(1, 6).Select(s => Judge(At(s, s * 10))).ToList();

        Assert.All(verdicts.Take(4), v => Assert.Equal(FilterVerdict.Backward, v));
        Assert.Equal(FilterVerdict.Kept, verdicts[4]);
    }

    [Fact]
    public void What_the_receiver_knows_only_roughly_is_left_out()
    {
        Assert.Equal(FilterVerdict.Inaccurate, Judge(At(0, 0) with { Accuracy = 101 }));
        Assert.Equal(FilterVerdict.Kept, Judge(At(1, 5000) with { Accuracy = 100 }));
    }

    [Fact]
    public void A_jump_is_left_out_and_the_way_goes_on()
    {
        Judge(At(0, 0));

        Assert.Equal(FilterVerdict.Outlier, Judge(At(2, 5000)));
        Assert.Equal(FilterVerdict.Kept, Judge(At(4, 120)));
        Assert.Equal(FilterVerdict.Outlier, Judge(At(6, 9000)));
        Assert.Equal(FilterVerdict.Outlier, Judge(At(8, -9000)));
        Assert.Equal(FilterVerdict.Kept, Judge(At(10, 240)));
    }

    [Fact]
    public void Jumps_that_agree_are_the_truth()
    {
        // The receiver came back from a ferry, or the first place was the wrong one.
        Judge(At(0, 0));

        Assert.Equal(FilterVerdict.Outlier, Judge(At(2, 50_000)));
        Assert.Equal(FilterVerdict.Outlier, Judge(At(4, 50_020)));
        Assert.Equal(FilterVerdict.Kept, Judge(At(6, 50_040)));
    }

    [Fact]
    public void After_a_tunnel_the_far_end_is_no_jump()
    {
        Judge(At(0, 0));

        Assert.Equal(FilterVerdict.Kept, Judge(At(120, 4000)));
    }

    [Fact]
    public void The_server_makes_it_sparse_and_dense_and_ordinary_again()
    {
        var kept = new List<int>();
        for (var s = 0; s < 180; s++)
        {
            if (s % 60 == 0)
            {
                _filter.Adjust(s switch
                {
                    0 => Control("""{"requestId":null,"intervalMs":30000,"minDisplacementM":50}"""),
                    60 => Control(
                        """{"requestId":"0b0e5a3e-6f58-4b43-a1a4-7f6a6cf4c001","intervalMs":2000,"minDisplacementM":5}"""),
                    _ => null,
                });
            }

            if (Judge(At(s, s * 10) with { Speed = 10, Heading = 0 }) == FilterVerdict.Kept)
            {
                kept.Add(s);
            }
        }

        Assert.Equal([0, 30], kept.Where(s => s < 60));
        Assert.Equal(Enumerable.Range(30, 30).Select(i => i * 2), kept.Where(s => s is >= 60 and < 120));
        Assert.Equal([128, 138, 148, 158, 168, 178], kept.Where(s => s >= 120));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"intervalMs":0,"minDisplacementM":5}""")]
    [InlineData("""{"intervalMs":2000,"minDisplacementM":-5}""")]
    [InlineData("""{"intervalMs":"soon"}""")]
    [InlineData("\0\u0001")]
    public void What_is_no_control_changes_nothing(string payload) =>
        Assert.Null(DeviceControl.Parse(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void The_date_line_is_no_jump()
    {
        var fix = new Position(-18, 179.9999, _start);

        Judge(fix);

        Assert.Equal(FilterVerdict.Kept, Judge(fix with { Longitude = -179.998, FixTime = _start.AddSeconds(10) }));
    }

    private static DeviceControl? Control(string json) => DeviceControl.Parse(Encoding.UTF8.GetBytes(json));

    private static Position At(double second, double north, double east = 0) =>
        new(north / MetresPerDegree, east / MetresPerDegree, _start.AddSeconds(second));

    private FilterVerdict Judge(Position fix) => _filter.Judge(fix);
}

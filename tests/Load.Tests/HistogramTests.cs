using System.Diagnostics;
using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Percentiles_are_within_two_percent()
    {
        var histogram = new Histogram();
        for (var ms = 1; ms <= 1_000; ms++)
        {
            histogram.Record(0, ms * Stopwatch.Frequency / 1_000);
        }

        Assert.InRange(histogram.PercentileMs(0.5), 490, 500);
        Assert.InRange(histogram.PercentileMs(0.99), 970, 990);
        Assert.Equal(1_000, histogram.MaxMs, 0.001);
        Assert.Equal(1_000, histogram.Count);
    }

    [Fact]
    public void An_empty_one_has_no_percentile() => Assert.True(double.IsNaN(new Histogram().PercentileMs(0.5)));
}

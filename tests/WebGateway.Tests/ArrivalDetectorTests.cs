using ArtMqtt.WebGateway.Arrival;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who has arrived, and who only passes by.</summary>
public sealed class ArrivalDetectorTests
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid _request = Guid.NewGuid();
    private readonly ArrivalDetector _detector = new(radius: 100, TimeSpan.FromSeconds(20));

    [Fact]
    public void Who_stays_has_arrived_once_even_if_nothing_more_is_heard()
    {
        Observe(0, 150);
        Observe(10, 99);

        Assert.False(Arrived(29.9));
        Assert.True(Arrived(30));
        Assert.False(Arrived(60));
    }

    [Fact]
    public void Who_passes_by_has_not_arrived()
    {
        Observe(0, 90);
        Observe(10, 20);
        Observe(19, 110);

        Assert.False(Arrived(100));
    }

    [Fact]
    public void Who_leaves_and_comes_back_stays_anew()
    {
        Observe(0, 90);
        Observe(10, 110);
        Observe(15, 90);

        Assert.False(Arrived(20));
        Assert.False(Arrived(34.9));
        Assert.True(Arrived(35));
    }

    [Fact]
    public void An_inexact_place_says_nothing()
    {
        Observe(0, 10, accuracy: 500);
        Assert.Null(_detector.NextDue);

        Observe(1, 10, accuracy: 5);
        Observe(2, 900, accuracy: 2_000);
        Assert.True(Arrived(21));
    }

    [Fact]
    public void What_is_forgotten_does_not_arrive()
    {
        Observe(0, 10);
        _detector.Forget(_request);

        Assert.False(Arrived(100));
        Assert.Null(_detector.NextDue);
    }

    private void Observe(double second, double distance, float? accuracy = null) =>
        _detector.Observe(_request, distance, accuracy, _start.AddSeconds(second));

    private bool Arrived(double second)
    {
        var arrived = _detector.TryTake(_start.AddSeconds(second), out var requestId);
        Assert.True(!arrived || requestId == _request);
        return arrived;
    }
}

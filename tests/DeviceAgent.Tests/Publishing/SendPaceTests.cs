using ArtMqtt.DeviceAgent.Publishing;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

public sealed class SendPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Waits_for_the_interval_since_what_was_sent_last()
    {
        var pace = new SendPace(_time);
        pace.Change(TimeSpan.FromSeconds(30));
        Assert.False(await WaitAsync(pace));

        pace.Sent();
        var waiting = WaitAsync(pace);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await waiting);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shorter_interval_and_the_end_count_at_once(bool isEnd)
    {
        var pace = new SendPace(_time);
        pace.Change(TimeSpan.FromMinutes(30));
        pace.Sent();
        var waiting = WaitAsync(pace);
        Assert.False(waiting.IsCompleted);

        if (isEnd)
        {
            pace.Release();
        }
        else
        {
            pace.Change(TimeSpan.Zero);
        }

        Assert.True(await waiting);
    }

    private static Task<bool> WaitAsync(SendPace pace) => pace.WaitAsync(TestContext.Current.CancellationToken).AsTask();
}

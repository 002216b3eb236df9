namespace ArtMqtt.Store.Tests;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 0, 50)]
    [InlineData(1, 1, 100)]
    [InlineData(3, 1, 400)]
    [InlineData(7, 1, 5000)]
    [InlineData(int.MaxValue, 0, 2500)]
    public void Doubles_up_to_five_seconds_with_jitter(int attempt, double random, double milliseconds) =>
        Assert.Equal(milliseconds, Backoff.After(attempt, random).TotalMilliseconds, 3);

    [Fact]
    public void Counts_attempts_from_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.After(0, 0.5));
}

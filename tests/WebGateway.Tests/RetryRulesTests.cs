using ArtMqtt.Store.Webhooks;
using ArtMqtt.WebGateway.Webhooks;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>When a failed delivery is tried again, and when not.</summary>
public sealed class RetryRulesTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(56);
    private readonly RetryRules _rules = new(Options.Create(new WebhookOptions()));

    [Theory]
    [InlineData(1, 0, 2.5)]
    [InlineData(1, 1, 5)]
    [InlineData(2, 1, 15)]
    [InlineData(3, 1, 45)]
    [InlineData(8, 0, 3600)]
    [InlineData(8, 1, 7200)]
    [InlineData(1_000_000, 1, 7200)]
    public void Waits_grow_threefold_up_to_two_hours(int attempt, double random, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), _rules.WaitAfter(attempt, random));

    [Fact]
    public void A_day_holds_about_twenty_attempts()
    {
        var (at, attempts) = (_now, 1);
        while (Decide(attempts, new AttemptResult(500, "status 500"), at).RetryAt is { } next)
        {
            (at, attempts) = (next, attempts + 1);
        }

        Assert.InRange(attempts, 15, 25);
        Assert.InRange(at - _now, TimeSpan.FromHours(21), TimeSpan.FromHours(24));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(1_000, 300)]
    public void An_endpoint_that_failed_three_times_in_a_row_is_left_alone(int failuresBefore, int seconds)
    {
        var failed = Decide(1, new AttemptResult(null, "timeout"), _now, failuresBefore);
        Assert.Equal(seconds == 0 ? null : _now.AddSeconds(seconds), failed.PauseUntil);
    }

    [Fact]
    public void A_receiver_that_says_when_is_left_alone_until_then_but_for_an_hour_at_most()
    {
        var polite = Decide(1, new AttemptResult(429, "status 429", TimeSpan.FromMinutes(7)), _now);
        Assert.Equal((_now.AddMinutes(7), _now.AddMinutes(7)), (polite.RetryAt, polite.PauseUntil));
        var greedy = Decide(1, new AttemptResult(503, "status 503", TimeSpan.FromDays(300)), _now);
        Assert.Equal((_now.AddHours(1), _now.AddHours(1)), (greedy.RetryAt, greedy.PauseUntil));
        var late = Decide(1, new AttemptResult(503, "status 503", TimeSpan.FromDays(-1)), _now);
        Assert.Equal((_now.AddSeconds(5), null), (late.RetryAt, late.PauseUntil));
    }

    [Fact]
    public void What_is_gone_is_given_up_at_once()
    {
        var failed = Decide(1, new AttemptResult(410, "status 410"), _now);
        Assert.Equal((null, RetryRules.GoneReason), (failed.RetryAt, failed.DisabledReason));
    }

    private FailedAttempt Decide(int attempt, AttemptResult result, DateTimeOffset now, int failures = 0) => _rules.Decide(
        new DueDelivery(1, Guid.Empty, Guid.Empty, "ping", "{}", attempt, _now, "https://example.org", [], null, failures),
        result, now, 1);
}

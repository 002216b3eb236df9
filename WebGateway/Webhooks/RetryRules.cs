using ArtMqtt.Store.Webhooks;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>What follows from a failed attempt: when to try again, whether to leave the endpoint alone, when to give up.</summary>
internal sealed class RetryRules(IOptions<WebhookOptions> options)
{
    public const string GoneReason = "It answered 410 Gone.";
    public const string FailingReason = "Nothing could be delivered for too long.";

    // One event that a receiver does not like is no reason to hold back the others.
    private const int FailuresBeforePause = 3;

    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(5);

    // Longer than this nobody may hold up an event.
    private static readonly TimeSpan _longestWish = TimeSpan.FromHours(1);

    private readonly WebhookOptions _options = options.Value;

    /// <summary>Decides.</summary>
    /// <param name="delivery">What was not delivered.</param>
    /// <param name="result">How the attempt went.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">0 to 1: spreads those that failed together.</param>
    public FailedAttempt Decide(DueDelivery delivery, AttemptResult result, DateTimeOffset now, double random)
    {
        var wish = Shorter(result.RetryAfter ?? TimeSpan.Zero, _longestWish);
        var retryAt = now + Longer(WaitAfter(delivery.Attempt, random), wish);
        var isGivenUp = result.IsGone || retryAt >= delivery.QueuedAt + _options.GiveUpAfter;
        var pause = Longer(PauseAfter(delivery.Failures + 1), wish);
        return new FailedAttempt(
            result.Status, result.Error!, isGivenUp ? null : retryAt, pause > TimeSpan.Zero ? now + pause : null,
            result.IsGone ? GoneReason : null);
    }

    /// <summary>The wait after an attempt: three times as long each time, between half and all of it.</summary>
    internal TimeSpan WaitAfter(int attempt, double random)
    {
        var full = _options.RetryAfter * Math.Pow(3, Math.Min(attempt - 1, 20));
        return Shorter(full, _options.MaxRetryAfter) * (0.5 + (random / 2));
    }

    /// <summary>How long an endpoint that failed so often in a row is left alone.</summary>
    internal static TimeSpan PauseAfter(int failures) => failures < FailuresBeforePause
        ? TimeSpan.Zero
        : Shorter(_firstPause * Math.Pow(2, Math.Min(failures - FailuresBeforePause, 20)), _longestPause);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}

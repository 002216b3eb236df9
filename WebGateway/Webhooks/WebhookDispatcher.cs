using System.Data.Common;
using ArtMqtt.Store;
using ArtMqtt.Store.Webhooks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>
/// Sends what is due. Each endpoint has a lane of its own: what was taken of it is sent at the same time, and only then the
/// next is taken, so a slow receiver holds up nobody else and at most its share of the calls.
/// </summary>
internal sealed partial class WebhookDispatcher(
    DueDeliveries queue, WebhookSender sender, RetryRules rules, WebhookMetrics metrics,
    IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    // Beyond the longest attempt: for the database, and for clocks of nodes that differ.
    private static readonly TimeSpan _leaseMargin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _sweepInterval = TimeSpan.FromMinutes(1);

    private readonly WebhookOptions _options = options.Value;
    private readonly Dictionary<Guid, (Task Task, int Calls)> _lanes = [];
    private DateTimeOffset _sweepAt = DateTimeOffset.MinValue;
    private int _failures;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_options.Enabled && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
                var isMore = await StartLanesAsync(stoppingToken);
                _failures = 0;
                if (isMore)
                {
                    continue;
                }
            }
            catch (DbException e)
            {
                // One line for each time that the database is away.
                if (++_failures == 1)
                {
                    LogFailed(e.Message);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            await WaitAsync(stoppingToken);
        }

        // Calls under way are not cut off: what was received and not noted would be sent again.
        await Task.WhenAll(_lanes.Values.Select(lane => lane.Task));
    }

    // Starts the lanes of what is due; false when nothing is, or no call is free.
    private async Task<bool> StartLanesAsync(CancellationToken stoppingToken)
    {
        foreach (var (endpoint, lane) in _lanes.Where(entry => entry.Value.Task.IsCompleted).ToList())
        {
            _lanes.Remove(endpoint);
            await lane.Task;
        }

        var free = _options.MaxConcurrent - _lanes.Values.Sum(lane => lane.Calls);
        if (free <= 0)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var due = await queue.ClaimAsync(
            now, now + _options.Timeout + _leaseMargin, _lanes.Keys, _options.MaxConcurrentPerEndpoint, free, stoppingToken);
        foreach (var lane in due.GroupBy(delivery => delivery.EndpointId))
        {
            _lanes.Add(lane.Key, (Task.WhenAll(lane.Select(AttemptAsync)), lane.Count()));
        }

        return due.Count > 0;
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        if (_failures > 0)
        {
            await Task.Delay(Backoff.After(_failures, Random.Shared.NextDouble()), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await Task.WhenAny(
            [Task.Delay(_options.PollInterval, time, stoppingToken), .. _lanes.Values.Select(lane => lane.Task)]);
    }

    private async Task AttemptAsync(DueDelivery delivery)
    {
        var started = time.GetTimestamp();
        var result = await sender.SendAsync(delivery, CancellationToken.None);
        metrics.Attempted(delivery.EventType, result.IsDelivered, time.GetElapsedTime(started));
        try
        {
            if (result.IsDelivered)
            {
                await queue.DeliveredAsync(delivery, result.Status!.Value, time.GetUtcNow(), CancellationToken.None);
            }
            else
            {
                await FailAsync(delivery, result);
            }
        }
        catch (DbException e)
        {
            // It is due again when its lease ends.
            LogNotNoted(delivery.DeliveryId, e.Message);
        }
    }

    private async Task FailAsync(DueDelivery delivery, AttemptResult result)
    {
        var now = time.GetUtcNow();
        var failed = rules.Decide(delivery, result, now, Random.Shared.NextDouble());
        LogAttemptFailed(delivery.DeliveryId, delivery.EndpointId, delivery.Attempt, failed.Error);
        if (await queue.FailedAsync(
            delivery, failed, now, now - _options.DisableAfter, RetryRules.FailingReason, CancellationToken.None))
        {
            metrics.Disabled();
            LogDisabled(delivery.EndpointId, failed.DisabledReason ?? RetryRules.FailingReason);
        }

        if (failed.RetryAt is null)
        {
            metrics.GivenUp(1);
        }
    }

    private async Task SweepAsync(CancellationToken stoppingToken)
    {
        var now = time.GetUtcNow();
        if (now < _sweepAt)
        {
            return;
        }

        _sweepAt = now + _sweepInterval;
        metrics.GivenUp(await queue.ExpireAsync(now, now - _options.GiveUpAfter, stoppingToken));
        await queue.ForgetAsync(now - _options.KeepDelivered, now - _options.KeepFailed, stoppingToken);
    }

    [LoggerMessage(LogLevel.Warning, "Webhooks cannot be sent now: {Reason}; trying again")]
    private partial void LogFailed(string reason);

    [LoggerMessage(LogLevel.Warning, "How delivery {DeliveryId} went could not be noted: {Reason}; it is sent again")]
    private partial void LogNotNoted(long deliveryId, string reason);

    [LoggerMessage(LogLevel.Debug, "Delivery {DeliveryId} to webhook {EndpointId} failed (attempt {Attempt}): {Reason}")]
    private partial void LogAttemptFailed(long deliveryId, Guid endpointId, int attempt, string reason);

    [LoggerMessage(LogLevel.Error, "Webhook {EndpointId} is disabled: {Reason}")]
    private partial void LogDisabled(Guid endpointId, string reason);
}

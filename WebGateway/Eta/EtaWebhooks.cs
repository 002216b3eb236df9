using ArtMqtt.Contracts.Live;
using ArtMqtt.Store;
using ArtMqtt.Store.Webhooks;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>Tells webhooks that an operator is nearer than a threshold: once for each request and threshold.</summary>
internal sealed partial class EtaWebhooks(WebhookOutbox outbox, TimeProvider time, ILogger<EtaWebhooks> logger) : IEtaMilestones
{
    // About half a minute. After a longer outage the news is old, and the next threshold is told.
    private const int MaxAttempts = 10;

    /// <inheritdoc/>
    public async Task OnMilestoneAsync(Guid requestId, EtaEvent eta, CancellationToken cancellationToken)
    {
        if (eta.Threshold is not { } threshold)
        {
            return;
        }

        var reached = new EtaReached(
            requestId, eta.EtaSeconds, DateTimeOffset.FromUnixTimeMilliseconds(eta.EtaAt), threshold);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await outbox.AddAsync(reached, DateTimeOffset.FromUnixTimeMilliseconds(eta.ComputedAt), cancellationToken);
                return;
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) && attempt < MaxAttempts)
            {
                LogFailed(StoreFailure.Describe(e));
                await Task.Delay(Backoff.After(attempt, Random.Shared.NextDouble()), time, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "An arrival could not be noted for webhooks: {Reason}; trying again")]
    private partial void LogFailed(string reason);
}

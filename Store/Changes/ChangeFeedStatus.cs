using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Store.Changes;

/// <summary>Whether row changes are being followed, and why not. Never unhealthy: the rest of the node works without.</summary>
internal sealed class ChangeFeedStatus : IHealthCheck
{
    private volatile string? _problem;

    /// <summary>Why changes are not followed; null when they are, or are about to be for the first time.</summary>
    public string? Problem
    {
        get => _problem;
        set => _problem = value;
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(_problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Live.Redis;

/// <summary>Degraded while Redis is not there: the node serves, but shows only what happens on it.</summary>
internal sealed class RedisHealthCheck(RedisLink link) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(link.Failure is { } failure
            ? HealthCheckResult.Degraded($"Redis is not there, live streams are those of this node only: {failure}")
            : HealthCheckResult.Healthy());
}

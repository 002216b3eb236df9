using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Broker.Upstream;

/// <summary>
/// Whether all connections to the upstream broker serve. Degraded, not unhealthy, when they do not: it keeps what it has for
/// us, and all else works.
/// </summary>
internal sealed class UpstreamHealthCheck(UpstreamService service) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var troubles = service.Connections.Select(connection => connection.Trouble).OfType<string>().ToList();
        return Task.FromResult((service.Connections.Count, troubles.Count) switch
        {
            (0, _) => HealthCheckResult.Healthy("There is no upstream broker."),
            (var all, 0) => HealthCheckResult.Healthy($"{all} of {all} connections serve."),
            (var all, var some) => HealthCheckResult.Degraded($"{some} of {all} upstream connections: {string.Join(" ", troubles.Distinct())}"),
        });
    }
}

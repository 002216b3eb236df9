using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Node.Draining;

/// <summary>Not ready from the moment on in which the node is told to stop.</summary>
internal sealed class DrainHealthCheck(NodeDrain drain) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(drain.IsBegun ? HealthCheckResult.Unhealthy("The node is being stopped.") : HealthCheckResult.Healthy());
}

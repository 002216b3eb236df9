using ArtMqtt.Spool;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Ingest;

/// <summary>Degraded while positions wait in the spool because the database refuses them; the node still serves.</summary>
internal sealed class IngestHealthCheck(IngestState state, ISpool spool) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var waiting = spool.Status.Records;
        var data = new Dictionary<string, object> { ["waiting"] = waiting };
        return Task.FromResult(state.Failure is { } failure
            ? HealthCheckResult.Degraded($"{waiting} records wait in the spool: {failure}", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}

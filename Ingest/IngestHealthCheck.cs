using System.Globalization;
using ArtMqtt.Spool;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Ingest;

/// <summary>
/// Degraded while positions wait in the spool because the database refuses them or is silent; the node still serves.
/// </summary>
internal sealed class IngestHealthCheck(IngestState state, ISpool spool) : IHealthCheck
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var waiting = spool.Status.Records;
        var failure = state.Failure;
        var since = state.SinceStep;
        if (failure is null && waiting > 0 && since > _longest)
        {
            failure = "the database does not answer, perhaps somebody holds a lock";
        }

        var data = new Dictionary<string, object> { ["waiting"] = waiting };
        return Task.FromResult(failure is null
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Degraded(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{waiting} records wait in the spool, nothing was stored for {since.TotalSeconds:0} s: {failure}."),
                data: data));
    }
}

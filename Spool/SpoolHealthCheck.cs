using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Spool;

/// <summary>Unhealthy while nothing can be stored, degraded above 80 % of the capacity.</summary>
internal sealed class SpoolHealthCheck(ISpool spool) : IHealthCheck
{
    private const double DegradedShare = 0.8;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        var status = spool.Status;
        var share = (double)status.Bytes / status.CapacityBytes;
        var data = new Dictionary<string, object>
        {
            ["records"] = status.Records,
            ["bytes"] = status.Bytes,
            ["capacityBytes"] = status.CapacityBytes,
        };
        return Task.FromResult(status.Failure is { } failure
            ? HealthCheckResult.Unhealthy($"The spool cannot store records: {failure}", data: data)
            : share > DegradedShare
                ? HealthCheckResult.Degraded($"The spool is {share:P0} full; appending will wait.", data: data)
                : HealthCheckResult.Healthy($"{status.Records} records wait.", data));
    }
}

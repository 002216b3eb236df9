using ArtMqtt.Contracts.Fleet;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>
/// Whether the database answers. Degraded, not unhealthy, when it does not: devices and live watchers are served
/// without it, so the node must not be taken out of service. Unhealthy only while no device can be recognised.
/// </summary>
internal sealed class StoreHealthCheck(NpgsqlDataSource dataSource, IFleetDirectory fleet) : IHealthCheck
{
    private const string ProbeSql = "SELECT 1";
    private const string NotLoaded = "The devices were not read yet, so none is let in.";
    private const int TimeoutSeconds = 3;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(ProbeSql);
            command.CommandTimeout = TimeoutSeconds;
            await command.ExecuteScalarAsync(cancellationToken);
            return fleet.IsLoaded ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(NotLoaded);
        }
        catch (Exception e) when (StoreErrors.IsOutage(e))
        {
            return fleet.IsLoaded
                ? HealthCheckResult.Degraded($"History waits in the spool: {StoreFailure.Describe(e)}.", e)
                : HealthCheckResult.Unhealthy($"{NotLoaded} {StoreFailure.Describe(e)}.", e);
        }
    }
}

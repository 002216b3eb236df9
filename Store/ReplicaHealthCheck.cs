using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>Whether history comes from a replica, if there is to be one, and how far that is behind. Never unhealthy: the primary steps in.</summary>
internal sealed class ReplicaHealthCheck(
    [FromKeyedServices(StoreSources.History)] NpgsqlDataSource history, IOptions<StoreOptions> options) : IHealthCheck
{
    // Null on the primary. A primary on which nothing happens is not behind.
    private const string LagSql = """
        SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float8 END
        WHERE pg_is_in_recovery()
        """;

    private const int TimeoutSeconds = 3;
    private const double MaxLagSeconds = 60;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (options.Value.ReplicaHosts.Length == 0)
        {
            return HealthCheckResult.Healthy("History is read from the primary.");
        }

        try
        {
            await using var command = history.CreateCommand(LagSql);
            command.CommandTimeout = TimeoutSeconds;
            return await command.ExecuteScalarAsync(cancellationToken) is double lag
                ? Judge(lag)
                : HealthCheckResult.Degraded("No replica answers (Store:ReplicaHosts); history is read from the primary.");
        }
        catch (Exception e) when (StoreErrors.IsOutage(e))
        {
            return HealthCheckResult.Degraded($"History cannot be read: {StoreFailure.Describe(e)}.", e);
        }
    }

    private static HealthCheckResult Judge(double lag)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"The replica is {lag:0.0} s behind.");
        return lag > MaxLagSeconds ? HealthCheckResult.Degraded(words) : HealthCheckResult.Healthy(words);
    }
}

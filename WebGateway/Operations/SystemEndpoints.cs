using System.Diagnostics;
using System.Reflection;
using System.Security.Claims;
using ArtMqtt.Live.Nodes;
using ArtMqtt.Store;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.WebGateway.Operations;

/// <summary>How this node is doing, for those who run it.</summary>
internal static class SystemEndpoints
{
    private static readonly string _version =
        Assembly.GetEntryAssembly()?.GetName().Version?.ToString(3) ?? "";

    public static void MapSystem(this IEndpointRouteBuilder app) => app.MapGet("/api/system", Get)
        .WithTags("Operations").RequireAuthorization(Policies.Admin)
        .WithSummary("How this node is doing")
        .WithDescription(
            "Health checks with their reasons, values of its meters (counters since its start), and the size of the database. For "
            + "admins of all tenants. Other nodes have values of their own: GET /api/nodes lists them.")
        .ProducesErrors(401, 403, 503);

    private static async Task<Results<Ok<SystemView>, ProblemHttpResult>> Get(
        ClaimsPrincipal user, ThisNode node, NodeMeters meters, StoreNumbersReader store, HealthCheckService health, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (user.Scope().Tenant is not null)
        {
            return Problems.OfAllOnly();
        }

        var report = await health.CheckHealthAsync(check => check.Tags.Contains("ready"), cancellationToken);
        using var process = Process.GetCurrentProcess();
        return TypedResults.Ok(new SystemView(
            node.Name, _version, time.GetUtcNow(),
            Math.Round((time.GetUtcNow().UtcDateTime - process.StartTime.ToUniversalTime()).TotalSeconds),
            process.WorkingSet64,
            report.Status.ToString().ToLowerInvariant(),
            [.. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new CheckView(
                entry.Key, entry.Value.Status.ToString().ToLowerInvariant(), entry.Value.Description))],
            meters.Read(),
            await ReadStoreAsync(store, cancellationToken)));
    }

    // The page is wanted most when the database is away.
    private static async Task<StoreNumbers?> ReadStoreAsync(StoreNumbersReader store, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(cancellationToken);
        }
        catch (Exception e) when (StoreErrors.IsOutage(e))
        {
            return null;
        }
    }
}

/// <summary>How a node is doing.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Version">Of the program.</param>
/// <param name="At">The node's clock, UTC.</param>
/// <param name="UptimeSeconds">Since its start.</param>
/// <param name="MemoryBytes">What the process takes of the machine's memory.</param>
/// <param name="Status">healthy, degraded or unhealthy: the worst of its checks.</param>
/// <param name="Checks">Each part of it.</param>
/// <param name="Values">Of its meters, by name; counters since its start. What it has no role for is missing.</param>
/// <param name="Store">The database; null when it does not answer.</param>
internal sealed record SystemView(
    string Node, string Version, DateTimeOffset At, double UptimeSeconds, long MemoryBytes, string Status,
    IReadOnlyList<CheckView> Checks, IReadOnlyDictionary<string, double> Values, StoreNumbers? Store);

/// <summary>A health check.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">healthy, degraded or unhealthy.</param>
/// <param name="Description">Why, or null.</param>
internal sealed record CheckView(string Name, string Status, string? Description);

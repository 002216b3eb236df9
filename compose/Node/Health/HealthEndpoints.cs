using System.Text.Json;
using System.Text.Json.Serialization;
using ArtMqtt.Node.Secrets;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Node.Health;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can serve; 503 when it cannot, 200 with
/// <c>degraded</c> when something waits (the database, for example). With the operations token it says why.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Maps both.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = WriteAsync,
        });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var isOperator = context.RequestServices.GetRequiredService<OperationsAccess>().Allows(context);
        var checks = report.Entries.ToDictionary(
            e => e.Key, e => new CheckView(NameOf(e.Value.Status), isOperator ? e.Value.Description : null));
        return context.Response.WriteAsJsonAsync(
            new HealthView(NameOf(report.Status), checks), _json, context.RequestAborted);
    }

    private static string NameOf(HealthStatus status) => status.ToString().ToLowerInvariant();

    private sealed record HealthView(string Status, IReadOnlyDictionary<string, CheckView> Checks);

    private sealed record CheckView(string Status, string? Description);
}

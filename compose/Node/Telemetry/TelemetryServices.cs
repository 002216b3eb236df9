using ArtMqtt.Node.Secrets;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ArtMqtt.Node.Telemetry;

/// <summary>
/// Registration of metrics and traces: <c>/metrics</c> for Prometheus, behind the operations token, and OTLP when
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
internal static class TelemetryServices
{
    private const string MetricsPath = "/metrics";
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds the meters of all parts, the runtime, Kestrel and Npgsql.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("artmqtt-node"))
            .WithMetrics(metrics => metrics
                .AddMeter("ArtMqtt.*", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (builder.Configuration[OtlpEndpoint] is { Length: > 0 })
        {
            telemetry.WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddNpgsql()).UseOtlpExporter();
        }
    }

    /// <summary>Maps <c>/metrics</c>. Who lacks the token is told that there is nothing.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<OperationsAccess>();
        app.MapPrometheusScrapingEndpoint(MetricsPath).AddEndpointFilter(access);
    }

    private static void AddEndpointFilter(this IEndpointConventionBuilder endpoint, OperationsAccess access) =>
        endpoint.Add(builder =>
        {
            var scrape = builder.RequestDelegate!;
            builder.RequestDelegate = context => access.Allows(context) ? scrape(context) : RefuseAsync(context);
        });

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Task.CompletedTask;
    }
}

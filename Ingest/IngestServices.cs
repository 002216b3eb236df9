using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.Ingest;

/// <summary>Registration of ingest; needs a spool and the store.</summary>
public static class IngestServices
{
    /// <summary>Adds the service that moves positions from the spool to the store.</summary>
    public static IHostApplicationBuilder AddIngest(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptionsWithValidateOnStart<BatchOptions>()
            .BindConfiguration(BatchOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<IngestOptions>()
            .BindConfiguration(IngestOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<RollupOptions>()
            .BindConfiguration(RollupOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<RetentionOptions>()
            .BindConfiguration(RetentionOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<GeofenceOptions>()
            .BindConfiguration(GeofenceOptions.Section)
            .ValidateDataAnnotations();
        services.AddOptionsWithValidateOnStart<OfflineOptions>()
            .BindConfiguration(OfflineOptions.Section)
            .ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BatchDecoder>();
        services.AddSingleton<BatchReader>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<IngestState>();
        services.AddSingleton<IngestMetrics>();
        services.AddHostedService<IngestService>();
        services.AddHostedService<RollupService>();
        services.AddHostedService<TripService>();
        services.AddHostedService<RetentionService>();
        services.AddHostedService<GeofenceService>();
        services.AddHostedService<OfflineService>();
        services.AddHealthChecks().AddCheck<IngestHealthCheck>("ingest", tags: ["ready"]);
        return builder;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Spool;

/// <summary>Registration of the spool.</summary>
public static class SpoolServices
{
    /// <summary>
    /// Adds the durable <see cref="ISpool"/> with the options of section <see cref="SpoolOptions.Section"/>, and its
    /// health check with tag <c>ready</c>.
    /// </summary>
    public static IServiceCollection AddSpool(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SpoolOptions, SpoolOptionsValidator>().BindConfiguration(SpoolOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISpool>(provider => DurableSpool.Open(
            provider.GetRequiredService<IOptions<SpoolOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<DurableSpool>>()));
        services.AddHealthChecks().AddCheck<SpoolHealthCheck>("spool", tags: ["ready"]);
        return services;
    }
}

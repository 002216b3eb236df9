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
    public static IServiceCollection AddSpool(this IServiceCollection services, SpoolUse use = SpoolUse.Both)
    {
        services.AddOptionsWithValidateOnStart<SpoolOptions, SpoolOptionsValidator>().BindConfiguration(SpoolOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => Open(provider, use));
        services.AddHealthChecks().AddCheck<SpoolHealthCheck>("spool", tags: ["ready"]);
        return services;
    }

    private static ISpool Open(IServiceProvider provider, SpoolUse use)
    {
        var options = provider.GetRequiredService<IOptions<SpoolOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        return use == SpoolUse.Read
            ? FollowedSpool.Open(options, time, provider.GetRequiredService<ILogger<FollowedSpool>>())
            : DurableSpool.Open(options, time, provider.GetRequiredService<ILogger<DurableSpool>>(), use);
    }
}

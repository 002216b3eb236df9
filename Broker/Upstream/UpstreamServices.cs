using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Registration of what takes positions from an upstream broker.</summary>
internal static class UpstreamServices
{
    /// <summary>Adds it; options from the section <c>Broker:Upstream</c>.</summary>
    public static void AddUpstream(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<UpstreamOptions>()
            .BindConfiguration(UpstreamOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<UpstreamOptions>, UpstreamRules>();
        services.AddSingleton<UpstreamMetrics>().AddSingleton<UpstreamSenders>().AddSingleton<UpstreamIntake>();
        services.AddSingleton<UpstreamService>();
        services.AddHostedService(provider => provider.GetRequiredService<UpstreamService>());
        services.AddHealthChecks().AddCheck<UpstreamHealthCheck>("upstream", tags: ["ready"]);
    }
}

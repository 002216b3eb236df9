using ArtMqtt.Live.Fleet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ArtMqtt.Live;

/// <summary>Registration of the live streams.</summary>
public static class LiveServices
{
    /// <summary>Adds <see cref="ILiveStreams"/>; options from the section <c>Live</c>.</summary>
    public static IServiceCollection AddLiveStreams(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<LiveOptions>()
            .BindConfiguration(LiveOptions.Section)
            .ValidateDataAnnotations();
        services.AddLogging().AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveMetrics>();
        services.AddSingleton<MemoryLiveStreams>();
        services.AddSingleton<ILiveStreams>(provider => provider.GetRequiredService<MemoryLiveStreams>());
        services.AddSingleton<FleetPlaces>();
        services.AddHostedService<StreamPositionsFile>();
        services.AddHostedService<IdleStreamSweeper>();
        return services;
    }
}

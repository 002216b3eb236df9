using ArtMqtt.Contracts.Clients;
using ArtMqtt.Live.Fleet;
using ArtMqtt.Live.Nodes;
using ArtMqtt.Live.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Live;

/// <summary>Registration of the live streams.</summary>
public static class LiveServices
{
    /// <summary>
    /// Adds <see cref="ILiveStreams"/>: in memory, or with <c>ConnectionStrings:Redis</c> those of all nodes. Options from the
    /// section <c>Live</c>.
    /// </summary>
    public static IServiceCollection AddLiveStreams(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<LiveOptions>()
            .BindConfiguration(LiveOptions.Section)
            .ValidateDataAnnotations();
        services.AddLogging().AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<LiveMetrics>();
        services.AddSingleton<FleetPlaces>();
        services.AddNodes();
        if (configuration.GetConnectionString(RedisOptions.ConnectionName) is { Length: > 0 } redis)
        {
            AddRedis(services, redis);
        }
        else
        {
            services.AddSingleton<MemoryLiveStreams>();
            services.AddSingleton<ILiveStreams>(provider => provider.GetRequiredService<MemoryLiveStreams>());
            services.AddHostedService<StreamPositionsFile>();
            services.AddHostedService<IdleStreamSweeper>();
            services.AddSingleNode();
        }

        return services;
    }

    private static void AddRedis(IServiceCollection services, string configuration)
    {
        services.AddOptionsWithValidateOnStart<RedisOptions>()
            .BindConfiguration(RedisOptions.Section)
            .Configure(options => options.Configuration = configuration)
            .ValidateDataAnnotations()
            .Validate(
                options => RedisSettings.Explain(options.Configuration) is null,
                $"ConnectionStrings:{RedisOptions.ConnectionName}: {RedisSettings.Explain(configuration)}");
        services.AddSingleton<RedisLink>();
        services.AddSingleton<LiveCommands>();
        services.AddSingleton(provider => new LiveDelivery(
            provider.GetRequiredService<LiveMetrics>(), provider.GetRequiredService<ILogger<LiveDelivery>>()));
        services.AddSingleton<FollowedStreams>();
        services.AddSingleton<EventPublisher>();
        services.AddSingleton<ILiveStreams, RedisLiveStreams>();
        services.AddSingleton<ClientClaims>();
        services.AddSingleton<IClientClaims>(provider => provider.GetRequiredService<ClientClaims>());
        services.AddHostedService<RedisUpkeep>();
        services.AddRedisNodes();
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", tags: ["ready"]);
    }
}

using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Analysts;
using ArtMqtt.Store.Changes;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Fleet;
using ArtMqtt.Store.Geofences;
using ArtMqtt.Store.Journal;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Positions;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Rollups;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Schema;
using ArtMqtt.Store.Sharing;
using ArtMqtt.Store.Speeds;
using ArtMqtt.Store.Streets;
using ArtMqtt.Store.Tokens;
using ArtMqtt.Store.Trips;
using ArtMqtt.Store.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>Registration of the store.</summary>
public static class StoreServices
{
    /// <summary>Adds the store on <c>ConnectionStrings:Timescale</c>, and the fleet directory that follows it.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<StoreOptions>()
            .BindConfiguration(StoreOptions.Section)
            .PostConfigure<IConfiguration>(TakeConnectionString)
            .ValidateDataAnnotations()
            .Validate(o => IsConnectionString(o.ConnectionString), "ConnectionStrings:Timescale is not an Npgsql connection string.")
            .Validate(
                o => o.DirectConnectionString.Length == 0 || IsConnectionString(o.DirectConnectionString),
                "ConnectionStrings:TimescaleDirect is not an Npgsql connection string.")
            .Validate(
                o => o.ReplicaHosts.Length == 0 || o.ReplicaHosts.Split(',').All(host => host.Trim().Length > 0),
                "Store:ReplicaHosts must be hosts, HOST[:PORT], separated by commas.");
        services.AddOptionsWithValidateOnStart<AnalystOptions>()
            .BindConfiguration(AnalystOptions.Section)
            .ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSources();
        services.AddSingleton<SchemaMigrator>();
        services.AddSingleton<AnalystAccess>();
        services.AddSingleton<StoreRecovery>();
        services.AddSingleton<PositionWriter>();
        services.AddSingleton<DeadLetterWriter>();
        services.AddSingleton<DeadLetterRepository>();
        services.AddSingleton<StoreNumbersReader>();
        services.AddSingleton<DeviceEventWriter>();
        services.AddSingleton<DeviceHourRepository>();
        services.AddSingleton<DeviceTripRepository>();
        services.AddSingleton<SpeedReader>();
        services.AddSingleton<DriveReader>();
        services.AddSingleton<RetentionRepository>();
        services.AddSingleton<ChunkRepository>();
        services.AddSingleton<ErasureRepository>();
        services.AddSingleton<JournalRepository>();
        services.AddSingleton<DeviceRepository>();
        services.AddSingleton<DeviceHealthReader>();
        services.AddSingleton<DeviceTimelineReader>();
        services.AddSingleton<RequestRepository>();
        services.AddSingleton<RequestEventReader>();
        services.AddSingleton<ShareNotices>();
        services.AddSingleton<ShareRepository>();
        services.AddSingleton<IssuedShareReader>();
        services.AddSingleton<GeofenceRepository>();
        services.AddSingleton<GeofenceEvaluator>();
        services.AddSingleton<SilentDevices>();
        services.AddSingleton<WebhookOutbox>();
        services.AddSingleton<DueDeliveries>();
        services.AddSingleton<WebhookEndpointRepository>();
        services.AddSingleton<WebhookDeliveryRepository>();
        services.AddSingleton<RouteReader>();
        services.AddSingleton<InstantReader>();
        services.AddSingleton<LatestReader>();
        services.AddSingleton<PresenceReader>();
        services.AddSingleton<NearbyReader>();
        services.AddSingleton<HeatReader>();
        services.AddSingleton<IssuedTokenRepository>();
        services.AddSingleton(_ => new RevokedTokens(isKnown: false));
        services.AddSingleton<FleetDirectory>();
        services.AddSingleton<IFleetDirectory>(provider => provider.GetRequiredService<FleetDirectory>());
        services.AddSingleton<FleetLoader>();
        services.AddSingleton<FleetSnapshotFile>();
        services.AddHostedService<FleetSynchronizer>();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store", tags: ["ready"])
            .AddCheck<ReplicaHealthCheck>("replica", tags: ["ready"]);
        return services;
    }

    /// <summary>Adds the following of row changes; needs the store, and an <see cref="IChangeConsumer"/> that is told.</summary>
    public static IServiceCollection AddChangeFeed(this IServiceCollection services)
    {
        services.AddSingleton<ChangeFeedStatus>();
        services.AddHostedService<ChangeFeed>();
        services.AddHealthChecks().AddCheck<ChangeFeedStatus>("changes", tags: ["ready"]);
        return services;
    }

    private static void TakeConnectionString(StoreOptions options, IConfiguration configuration)
    {
        if (options.ConnectionString.Length == 0)
        {
            options.ConnectionString = configuration.GetConnectionString(StoreOptions.ConnectionName) ?? "";
        }

        if (options.DirectConnectionString.Length == 0)
        {
            options.DirectConnectionString = configuration.GetConnectionString(StoreOptions.DirectConnectionName) ?? "";
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

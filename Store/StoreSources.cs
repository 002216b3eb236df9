using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ArtMqtt.Store;

/// <summary>
/// The ways to the database: what is written and read back goes to the primary, through a pooler if there is one; what needs a
/// session of its own goes past the pooler; history may come from a replica.
/// </summary>
internal static class StoreSources
{
    /// <summary>Key of the source past the pooler, for LISTEN and for locks that are held longer than a transaction.</summary>
    public const string Direct = "direct";

    /// <summary>Key of the source of history.</summary>
    public const string History = "history";

    /// <summary>Adds the three; one and the same where the settings name no other.</summary>
    public static void AddSources(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<StoreMetrics>();
        services.AddSingleton(provider => Builder(provider, ConnectionDefaults.Apply(OptionsOf(provider).ConnectionString), "store").Build());
        services.AddKeyedSingleton(Direct, (provider, _) => CreateDirect(provider));
        services.AddKeyedSingleton(History, (provider, _) => CreateHistory(provider));
    }

    private static NpgsqlDataSource CreateDirect(IServiceProvider provider) => OptionsOf(provider).DirectConnectionString is { Length: > 0 } direct
        ? Builder(provider, ConnectionDefaults.Apply(direct), "store-direct").Build()
        : provider.GetRequiredService<NpgsqlDataSource>();

    private static NpgsqlDataSource CreateHistory(IServiceProvider provider)
    {
        var options = OptionsOf(provider);
        if (options.ReplicaHosts.Length == 0)
        {
            return provider.GetRequiredService<NpgsqlDataSource>();
        }

        var metrics = provider.GetRequiredService<StoreMetrics>();
        var builder = Builder(provider, HistoryConnection.Of(options.ConnectionString, options.ReplicaHosts), "store-history");
        builder.UsePhysicalConnectionInitializer(
            connection => metrics.HistoryOpened(HistoryConnection.IsReplica(connection)),
            connection =>
            {
                metrics.HistoryOpened(HistoryConnection.IsReplica(connection));
                return Task.CompletedTask;
            });
        return builder.Build();
    }

    private static NpgsqlDataSourceBuilder Builder(IServiceProvider provider, string connectionString, string name)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString) { Name = name };
        builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
        return builder;
    }

    private static StoreOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<StoreOptions>>().Value;
}

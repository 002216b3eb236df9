using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>Registration of the estimated arrivals.</summary>
internal static class EtaServices
{
    private const int MaxAnswerBytes = 1 << 20;

    private static readonly TimeSpan _connectionLife = TimeSpan.FromMinutes(2);

    public static IServiceCollection AddEta(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<EtaOptions>()
            .BindConfiguration(EtaOptions.Section)
            .ValidateDataAnnotations()
            .Validate(EtaOptions.HasThresholds, "Gateway:Eta:Thresholds must be at most 10 times of 1 s to 24 h.")
            .Validate(EtaOptions.HasUrl, "Gateway:Eta:Url must be the http(s) address of the server, without query or password.");
        services.AddSingleton<EtaMetrics>();
        services.AddSingleton<SpeedCache>();
        services.AddSingleton<HistoryEtaProvider>();
        services.AddSingleton(CreateProvider);
        services.AddSingleton<IEtaMilestones, EtaWebhooks>();
        services.AddHostedService<EtaService>();
        return services;
    }

    private static IEtaProvider CreateProvider(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<EtaOptions>>().Value;
        var history = provider.GetRequiredService<HistoryEtaProvider>();
        return options.Provider switch
        {
            EtaProviderKind.Osrm => Create(new OsrmServer(options.Url!, options.Profile)),
            EtaProviderKind.Valhalla => Create(new ValhallaServer(options.Url!, options.Profile)),
            _ => history,
        };

        IEtaProvider Create(IRoutingServer server) => new RoutedEtaProvider(
            server, CreateClient(options), history,
            new Circuit(options.MaxFailures, options.Pause, provider.GetRequiredService<TimeProvider>()),
            provider.GetRequiredService<EtaMetrics>(), provider.GetRequiredService<ILogger<RoutedEtaProvider>>());
    }

    // For the life of the process. The address is the operator's own, so it may be private.
    private static HttpClient CreateClient(EtaOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxConnectionsPerServer = options.MaxConcurrent,
        PooledConnectionLifetime = _connectionLife,
    })
    {
        Timeout = options.Timeout,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };
}

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Registration of links that are handed out.</summary>
internal static class SharingServices
{
    public static IServiceCollection AddSharing(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SharingOptions>()
            .BindConfiguration(SharingOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<SharingMetrics>();
        services.AddSingleton<ShareSeal>();
        services.AddSingleton<ShareLinks>();
        services.AddSingleton<ShareCreation>();
        services.AddSingleton<ShareDirectory>();
        services.AddSingleton<ShareSignIn>();
        services.AddSingleton<ShareAudit>();
        services.AddSingleton<OpenShares>();
        services.AddSingleton<ShareRoutes>();
        services.AddHostedService(provider => provider.GetRequiredService<ShareAudit>());
        services.AddHostedService<ShareUpkeep>();
        return services;
    }
}

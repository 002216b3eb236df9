using ArtMqtt.Identity;
using ArtMqtt.WebGateway.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Registration of who may do what.</summary>
internal static class SecurityServices
{
    public static IServiceCollection AddGatewaySecurity(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<SecurityOptions>()
            .BindConfiguration(SecurityOptions.Section)
            .ValidateDataAnnotations();
        services.AddTokens();
        services.AddSingleton<TokenCallers>();
        services.AddSingleton<TokenHolders>();
        services.AddHostedService<TokenUpkeep>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<CustomerTokens>();
        services.AddSingleton<Tenants>();
        services.AddSingleton<TenantGate>();
        services.AddSingleton<TokenSignIn>();
        services.AddSingleton<DeviceSignIn>();
        services.AddSingleton<SecurityHeaders>();
        services.AddAuthentication(AccessTokenHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(AccessTokenHandler.SchemeName, null);
        services.AddOptionsWithValidateOnStart<OtherSitesOptions>()
            .BindConfiguration(OtherSitesOptions.Section)
            .Validate(
                OtherSitesOptions.IsValid, "Gateway:Cors:AllowedOrigins must be origins, for example https://shop.example.org.");
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<OtherSitesOptions>>(
            (cors, sites) => cors.AddPolicy(Policies.OtherSites, sites.Value.Apply));
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Caller.Admin))
            .AddPolicy(Policies.Dispatcher, policy => policy.RequireRole(Caller.Admin, Caller.Dispatcher))
            .AddPolicy(
                Policies.DispatcherOrDevice, policy => policy.RequireRole(Caller.Admin, Caller.Dispatcher, Caller.Device))
            .AddPolicy(
                Policies.ReaderOrDevice,
                policy => policy.RequireRole(Caller.Admin, Caller.Dispatcher, Caller.Analyst, Caller.Device))
            .AddPolicy(Policies.Reader, policy => policy.RequireRole(Caller.Admin, Caller.Dispatcher, Caller.Analyst));
        return services;
    }
}

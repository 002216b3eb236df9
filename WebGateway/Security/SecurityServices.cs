using ArtMqtt.Identity;
using Microsoft.AspNetCore.Authentication;

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
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<CustomerTokens>();
        services.AddSingleton<Tenants>();
        services.AddSingleton<TenantGate>();
        services.AddSingleton<TokenSignIn>();
        services.AddSingleton<SecurityHeaders>();
        services.AddAuthentication(AccessTokenHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, AccessTokenHandler>(AccessTokenHandler.SchemeName, null);
        services.AddCors(cors => cors.AddPolicy(
            Policies.AnyOrigin, policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod()
                .WithExposedHeaders("ETag", "Idempotent-Replayed", "Retry-After")));
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Admin, policy => policy.RequireRole(Caller.Admin))
            .AddPolicy(Policies.Dispatcher, policy => policy.RequireRole(Caller.Admin, Caller.Dispatcher))
            .AddPolicy(Policies.Reader, policy => policy.RequireRole(Caller.Admin, Caller.Dispatcher, Caller.Analyst));
        return services;
    }
}

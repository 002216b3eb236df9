using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Identity;

/// <summary>Registration of the tokens.</summary>
public static class TokenServices
{
    /// <summary>A new key for <see cref="TokenOptions.LocalKeyFile"/>, as PEM.</summary>
    public static string NewLocalKey() => LocalKey.NewPem();

    /// <summary>Adds <see cref="TokenValidator"/> and <see cref="TokenIssuer"/>, once for all who ask; options from the section <c>Tokens</c>.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        if (services.Any(service => service.ServiceType == typeof(TokenValidator)))
        {
            return services;
        }

        services.AddOptionsWithValidateOnStart<TokenOptions>()
            .BindConfiguration(TokenOptions.Section).ValidateDataAnnotations();
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsRules>();
        services.TryAddSingleton(_ => new RevokedTokens(isKnown: true));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<KeySource>();
        services.AddSingleton(provider => new TokenValidator(
            provider.GetRequiredService<IOptions<TokenOptions>>(), provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<RevokedTokens>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new TokenIssuer(
            provider.GetRequiredService<IOptions<TokenOptions>>(), provider.GetRequiredService<KeyRing>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<KeyRefresher>();
        return services;
    }
}

using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace ArtMqtt.WebGateway.Limits;

/// <summary>Registration of the limits on calls.</summary>
internal static class LimitServices
{
    public static IServiceCollection AddCallLimits(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<CallLimits>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<CallLimits>((limiter, limits) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (CallClass, string)>(limits.PartitionOf);
            limiter.OnRejected = (rejected, _) => limits.RefuseAsync(rejected);
        });
        return services;
    }
}

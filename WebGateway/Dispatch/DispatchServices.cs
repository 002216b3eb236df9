namespace ArtMqtt.WebGateway.Dispatch;

/// <summary>Registration of what dispatchers ask for.</summary>
internal static class DispatchServices
{
    public static IServiceCollection AddDispatch(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DispatchOptions>()
            .BindConfiguration(DispatchOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<NearestVehicles>();
        return services;
    }
}

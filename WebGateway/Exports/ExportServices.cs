namespace ArtMqtt.WebGateway.Exports;

/// <summary>Registration of exports.</summary>
internal static class ExportServices
{
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<ExportOptions>()
            .BindConfiguration(ExportOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<ExportSlots>();
        return services;
    }
}

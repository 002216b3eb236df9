namespace ArtMqtt.WebGateway.Pages;

/// <summary>Registration of the pages and their map.</summary>
internal static class PageServices
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<MapOptions>()
            .BindConfiguration(MapOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                MapOptions.HasValidUrls,
                "Map:StyleUrl and Map:TilesUrl must be http(s) addresses or paths, Map:Hosts http(s) addresses.")
            .Validate(MapOptions.HasStreets, "Map:StreetsFile does not exist.");
        services.AddSingleton<PageFiles>();
        return services;
    }

    /// <summary>Serves the files of the pages.</summary>
    public static void UsePages(this IApplicationBuilder app)
    {
        var files = app.ApplicationServices.GetRequiredService<PageFiles>();
        if (files.CreateStaticFileOptions() is { } options)
        {
            app.UseStaticFiles(options);
        }
    }

    /// <summary>Maps the addresses that people see.</summary>
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (PageFiles files) => files.Page("index.html")).ExcludeFromDescription();
        app.MapGet("/track/{requestId}", (string requestId, PageFiles files) => files.Page("track.html"))
            .ExcludeFromDescription();
    }
}

using ArtMqtt.WebGateway.Requests;
using ArtMqtt.WebGateway.Routes;
using ArtMqtt.WebGateway.Sharing;
using ArtMqtt.WebGateway.Streets;

namespace ArtMqtt.WebGateway.Pages;

/// <summary>Registration of the pages and their map.</summary>
internal static class PageServices
{
    // Messengers and monitors look at a link with HEAD.
    private static readonly string[] _readMethods = [HttpMethods.Get, HttpMethods.Head];

    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<MapOptions>()
            .BindConfiguration(MapOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                MapOptions.HasValidUrls,
                "Map:StyleUrl and Map:TilesUrl must be http(s) addresses or paths, Map:Hosts http(s) addresses.")
            .Validate(MapOptions.HasStreets, "Map:StreetsFile does not exist.");
        services.AddOptionsWithValidateOnStart<CustomerOptions>()
            .BindConfiguration(CustomerOptions.Section)
            .ValidateDataAnnotations()
            .Validate(
                CustomerOptions.HasValidMessageUrl,
                "Gateway:Customer:MessageUrl must be an https, sms or mailto address.");
        services.AddOptionsWithValidateOnStart<StreetOptions>()
            .BindConfiguration(StreetOptions.Section)
            .ValidateDataAnnotations();
        services.AddSingleton<LearnedStreets>();
        services.AddHostedService<StreetService>();
        services.AddSingleton<PageFiles>();
        // For the streets and rows of positions only (UsePages): answers with something secret beside something that the caller
        // chose must not be compressed. At the fastest level, which is the default.
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = [MapEndpoints.StreetsType, RowsShape.ContentType];
        });
        return services;
    }

    /// <summary>Serves the files of the pages.</summary>
    public static void UsePages(this IApplicationBuilder app)
    {
        app.UseWhen(
            context => context.Request.Path == MapEndpoints.StreetsPath || RouteEndpoints.IsRows(context.Request),
            large => large.UseResponseCompression());
        app.ApplicationServices.GetRequiredService<PageFiles>().Use(app);
    }

    /// <summary>Maps the addresses that people see.</summary>
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/", _readMethods, (PageFiles files) => files.Page("index.html")).ExcludeFromDescription();
        app.MapMethods("/admin", _readMethods, (PageFiles files) => files.Page("admin.html")).ExcludeFromDescription();
        app.MapMethods("/history", _readMethods, (PageFiles files) => files.Page("history.html")).ExcludeFromDescription();
        app.MapMethods("/operator", _readMethods, (PageFiles files) => files.Page("operator.html")).ExcludeFromDescription();
        foreach (var path in new[] { TrackingLinks.Path, TrackingLinks.OldPath })
        {
            app.MapMethods($"{path}/{{requestId}}", _readMethods, (string requestId, PageFiles files) => files.Page("track.html"))
                .ExcludeFromDescription();
        }

        app.MapMethods(ShareLinks.Path, _readMethods, (PageFiles files) => files.Page("track.html")).ExcludeFromDescription();
    }
}

using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Pages;

/// <summary>How pages draw the map.</summary>
internal static class MapEndpoints
{
    public const string StreetsPath = "/map/streets.geojson";
    public const string StreetsType = "application/geo+json";

    public static void MapMap(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/map/config", GetConfig)
            .WithTags("Map").WithSummary("How to draw the map, and how customers reach the service").WithDescription("Public.");
        app.MapGet(StreetsPath, GetStreets)
            .WithTags("Map").WithSummary("The configured streets as GeoJSON").WithDescription("Public.")
            .Produces(StatusCodes.Status200OK, contentType: StreetsType).ProducesErrors(404);
    }

    private static Ok<MapConfigView> GetConfig(IOptions<MapOptions> options, IOptions<CustomerOptions> customer)
    {
        var map = options.Value;
        var (phone, message) = (NullIfEmpty(customer.Value.PhoneNumber), NullIfEmpty(customer.Value.MessageUrl));
        return TypedResults.Ok(new MapConfigView(
            NullIfEmpty(map.StyleUrl), NullIfEmpty(map.TilesUrl),
            map.StreetsFile is { Length: > 0 } ? StreetsPath : null, NullIfEmpty(map.Attribution),
            map.Latitude, map.Longitude, map.Zoom,
            phone is null && message is null ? null : new ContactView(phone, message)));
    }

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> GetStreets(
        HttpResponse response, IOptions<MapOptions> options)
    {
        if (options.Value.StreetsFile is not { Length: > 0 } file || !File.Exists(file))
        {
            return Problems.StreetsNotConfigured();
        }

        var path = Path.GetFullPath(file);
        response.Headers.CacheControl = "no-cache";
        return TypedResults.PhysicalFile(
            path, StreetsType, lastModified: File.GetLastWriteTimeUtc(path), enableRangeProcessing: true);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>How to draw the map; all of it optional.</summary>
internal sealed record MapConfigView(
    string? StyleUrl, string? TilesUrl, string? StreetsUrl, string? Attribution, double? Latitude, double? Longitude,
    double? Zoom, ContactView? Contact);

/// <summary>How customers reach the service.</summary>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="MessageUrl">An https, sms or mailto address.</param>
internal sealed record ContactView(string? PhoneNumber, string? MessageUrl);

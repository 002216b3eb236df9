using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Streets;
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
            .WithTags("Map").WithSummary("The streets of the map as GeoJSON: configured, or learned").WithDescription("Public.")
            .Produces(StatusCodes.Status200OK, contentType: StreetsType).ProducesErrors(404);
    }

    private static Ok<MapConfigView> GetConfig(
        IOptions<MapOptions> options, IOptions<CustomerOptions> customer, LearnedStreets learned)
    {
        var map = options.Value;
        var (phone, message) = (NullIfEmpty(customer.Value.PhoneNumber), NullIfEmpty(customer.Value.MessageUrl));
        return TypedResults.Ok(new MapConfigView(
            NullIfEmpty(map.StyleUrl), NullIfEmpty(map.TilesUrl),
            map.StreetsFile is { Length: > 0 } || learned.Current is not null ? StreetsPath : null, NullIfEmpty(map.Attribution),
            map.Latitude, map.Longitude, map.Zoom,
            phone is null && message is null ? null : new ContactView(phone, message)));
    }

    private static Results<PhysicalFileHttpResult, FileContentHttpResult, ProblemHttpResult> GetStreets(
        HttpResponse response, IOptions<MapOptions> options, LearnedStreets learned)
    {
        response.Headers.CacheControl = "no-cache";
        if (options.Value.StreetsFile is { Length: > 0 } file)
        {
            return File.Exists(file)
                ? TypedResults.PhysicalFile(
                    Path.GetFullPath(file), StreetsType, lastModified: File.GetLastWriteTimeUtc(file), enableRangeProcessing: true)
                : Problems.StreetsNotConfigured();
        }

        return learned.Current is { } streets
            ? TypedResults.Bytes(streets.Json, StreetsType, enableRangeProcessing: true, lastModified: streets.At)
            : Problems.StreetsNotConfigured();
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

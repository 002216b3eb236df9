using ArtMqtt.Broker.Intake;
using ArtMqtt.Contracts.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Registration of the ways in for positions over HTTP.</summary>
public static class FrontDoorServices
{
    private static readonly string[] _getOrPost = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>Adds the front doors; options from the section <c>Broker:FrontDoors</c>.</summary>
    internal static void AddFrontDoors(this WebApplicationBuilder builder)
    {
        // It logs whole addresses, and those of some apps hold a secret.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Services.AddOptionsWithValidateOnStart<FrontDoorOptions>()
            .BindConfiguration(FrontDoorOptions.Section)
            .ValidateDataAnnotations();
        builder.Services.AddSingleton<FailedCallers>().AddSingleton<FrontDoorMetrics>().AddSingleton<FrontDoor>();
        builder.Services.AddSingleton<IPositionDoor, PositionDoor>();
        builder.Services.AddSingleton<IDeadLetterDoor, DeadLetterDoor>();
    }

    /// <summary>Takes positions over HTTP: OwnTracks, OsmAnd and Traccar Client, and our own payloads.</summary>
    public static void MapFrontDoors(this IEndpointRouteBuilder app)
    {
        var options = app.ServiceProvider.GetRequiredService<IOptions<FrontDoorOptions>>().Value;
        if (options.OwnTracksPath.Length > 0)
        {
            app.MapPost(options.OwnTracksPath, OwnTracksEndpoint.Publish).ExcludeFromDescription().AsDoor("owntracks");
        }

        if (options.OsmAndPath.Length > 0)
        {
            app.MapMethods(options.OsmAndPath, _getOrPost, OsmAndEndpoint.Publish)
                .ExcludeFromDescription().AsDoor("osmand");
        }

        app.MapPost("/api/devices/{deviceId}/positions", PositionEndpoints.PublishOfDevice)
            .WithTags("Positions").WithSummary("Publish positions of a device, as over MQTT")
            .Produces<PositionReceipt>().AsDoor("json");
        app.MapPost("/api/requests/{requestId:guid}/positions", PositionEndpoints.PublishOfRequest)
            .WithTags("Positions").WithSummary("Publish positions of a request's customer or operator, as over MQTT")
            .Produces<PositionReceipt>().AsDoor("json");
    }

    // Anonymous for the gateway's sign-in, which knows people only: a door asks itself who is there.
    private static void AsDoor(this RouteHandlerBuilder endpoint, string door) =>
        endpoint.AllowAnonymous().AddEndpointFilter(async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            context.Response.Headers.CacheControl = "no-store";
            var result = await next(invocation);
            var metrics = context.RequestServices.GetRequiredService<FrontDoorMetrics>();
            metrics.Answered(door, (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
            return result;
        });
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ArtMqtt.WebGateway.Explorer;

/// <summary>The OpenAPI document and the page to try it out.</summary>
internal static class ExplorerServices
{
    private const string SecurityScheme = "accessToken";

    // In the order in which a newcomer needs them.
    private static readonly (string Name, string Description)[] _tags =
    [
        ("Devices", "What publishes positions over MQTT: a vehicle, a phone. Each has a secret of its own."),
        ("Requests", "A customer's call for service: created, assigned to a device, moved on until it ends."),
        ("Sharing", "Links to a request that are handed out: for a part of the job, looked after, revoked."),
        ("Routes", "Where a device has been, as GeoJSON."),
        ("History", "What a route amounts to: trips, stops, sums, the place at one moment."),
        ("Live", "What happens to a request, as it happens, for clients without SignalR."),
        ("Webhooks", "Servers that are told of what happens."),
        ("Geofences", "Areas: who enters or leaves them is told to webhooks."),
        ("Operations", "What is connected, what went wrong, how this node is doing."),
        ("Erasure", "Forgetting for good, for admins."),
        ("Tokens", "JSON Web Tokens of this installation's own key, for admins."),
        ("Exports", "Routes as files for other programs."),
        ("Map", "How the pages draw the map."),
    ];

    public static IServiceCollection AddExplorer(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "ArtMqtt",
                    Version = "v1",
                    Description = "Live tracking. In this order it is a drive: add a device, create a request, assign the "
                        + "device, move the request on, get the route. Live events come over SignalR at "
                        + "`/hubs/tracking`, by polling or as server-sent events. Errors are RFC 9457 problem details with a stable `code`.",
                };
                document.Tags = new HashSet<OpenApiTag>(
                    _tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                document.Components.SecuritySchemes[SecurityScheme] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "`d.…` for dispatchers, `a.…` for admins: the node keeps them in its data folder, in "
                        + "`secrets/dispatcher-token` and `secrets/admin-token`. `c.…` for the customer of a request: comes with the request. Or a JSON Web Token, when "
                        + "the node accepts them.",
                };
                return Task.CompletedTask;
            })
            .AddOperationTransformer((operation, context, _) =>
            {
                if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
                {
                    (operation.Security ??= []).Add(new OpenApiSecurityRequirement
                    {
                        [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [],
                    });
                }

                return Task.CompletedTask;
            }));

    public static void MapExplorer(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/explorer", (options, context) =>
        {
            options.Title = "ArtMqtt API";
            options.DefaultFonts = false;
            options.Telemetry = false;
            options.Nonce = CreateNonce(context);
            options.Favicon = "data:,";
            options.DisableAgent().DisableMcp().HideDeveloperTools();
            options.AddPreferredSecuritySchemes(SecurityScheme);
        });
    }

    // The page starts with an inline script and styles itself: allowed by a nonce of this answer only.
    private static string CreateNonce(HttpContext context)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
            + "object-src 'none'; base-uri 'self'; frame-ancestors 'none'";
        return nonce;
    }
}

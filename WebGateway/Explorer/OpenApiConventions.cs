using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Explorer;

/// <summary>What endpoints say about themselves in the OpenAPI document.</summary>
internal static class OpenApiConventions
{
    /// <summary>An example of the body, as JSON.</summary>
    public static RouteHandlerBuilder WithBodyExample(this RouteHandlerBuilder builder, string json) =>
        builder.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var media in operation.RequestBody?.Content?.Values ?? [])
            {
                media.Example = JsonNode.Parse(json);
            }

            return Task.CompletedTask;
        });

    /// <summary>The errors an endpoint answers besides 500 and 503.</summary>
    public static RouteHandlerBuilder ProducesErrors(this RouteHandlerBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            builder.Produces<ProblemDetails>(status, "application/problem+json");
        }

        return builder;
    }
}

using System.Security.Claims;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Live.Nodes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Clients;

/// <summary>Who is connected to any node, over MQTT and on the hub.</summary>
internal static class ClientEndpoints
{
    private const int MaxPageSize = 1_000;
    private const int MaxSearchLength = 128;

    public static void MapClients(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/clients").WithTags("Operations").RequireAuthorization(Policies.Dispatcher);
        group.MapGet("/", List)
            .WithSummary("Who is connected")
            .WithDescription(
                "MQTT clients and browsers on the hub of all nodes, newest first. 'ways' says which of both there are. 'search' keeps "
                + "those with it in client id, device, subject or address. Nodes in 'silent' did not answer: their clients are not "
                + "listed. When 'isComplete' is false, Redis is away, and only this node's are.")
            .ProducesErrors(400, 401, 403);
        group.MapDelete("/{connectionId}", End)
            .WithSummary("End a connection")
            .WithDescription(
                "On whatever node it is. MQTT 5 clients are told 'Administrative action' (0x98). It may come back: disable the device, "
                + "or revoke the token, to keep it out.")
            .ProducesErrors(401, 403, 404, 503);
    }

    private static async Task<Results<Ok<ClientPage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, ClientsOfNodes clients, CancellationToken cancellationToken, string? search = null, int limit = 200)
    {
        var errors = new FieldErrors()
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(
                search is null || search.Length is >= 1 and <= MaxSearchLength, "search",
                $"'search' must be 1 to {MaxSearchLength} characters.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var found = await clients.ListAsync(user.Scope(), search, limit, cancellationToken);
        return TypedResults.Ok(new ClientPage(found.Ways, found.Total, found.Items, found.IsComplete, found.Silent));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> End(
        string connectionId, ClaimsPrincipal user, ClientsOfNodes clients, CancellationToken cancellationToken)
    {
        var end = await clients.DisconnectAsync(user.Scope(), connectionId, cancellationToken);
        return end.IsEnded ? TypedResults.NoContent()
            : end.IsCertain ? Problems.ClientNotFound()
            : Problems.NodesSilent(end.Silent);
    }
}

/// <summary>Who is connected.</summary>
/// <param name="Ways">By which ways clients come to the nodes that answered: <c>mqtt</c>, <c>hub</c>.</param>
/// <param name="Total">How many were found on them.</param>
/// <param name="Items">The newest of these.</param>
/// <param name="IsComplete">False while Redis is away: this node's only.</param>
/// <param name="Silent">Names of nodes that did not answer.</param>
internal sealed record ClientPage(
    IReadOnlyList<string> Ways, int Total, IReadOnlyList<ConnectedClient> Items, bool IsComplete, IReadOnlyList<string> Silent);

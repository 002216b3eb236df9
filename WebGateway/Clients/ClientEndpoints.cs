using System.Security.Claims;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Clients;

/// <summary>Who is connected to this node, over MQTT and on the hub.</summary>
internal static class ClientEndpoints
{
    private const int MaxPageSize = 1_000;
    private const int MaxSearchLength = 128;

    public static void MapClients(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/clients").WithTags("Operations").RequireAuthorization(Policies.Dispatcher);
        group.MapGet("/", List)
            .WithSummary("Who is connected to this node")
            .WithDescription(
                "MQTT clients and browsers on the hub, newest first. 'ways' says which of both this node has; other nodes have "
                + "clients of their own. 'search' keeps those with it in client id, device, subject or address.")
            .ProducesErrors(400, 401, 403);
        group.MapDelete("/{connectionId}", End)
            .WithSummary("End a connection")
            .WithDescription(
                "MQTT 5 clients are told 'Administrative action' (0x98). It may come back: disable the device, or revoke the token, "
                + "to keep it out.")
            .ProducesErrors(401, 403, 404);
    }

    private static Results<Ok<ClientPage>, ProblemHttpResult> List(
        ClaimsPrincipal user, IEnumerable<IConnectedClients> ways, string? search = null, int limit = 200)
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

        var found = ways.SelectMany(way => way.List(user.Scope())).Where(client => Has(client, search)).ToList();
        return TypedResults.Ok(new ClientPage(
            [.. ways.Select(way => way.Way).Order(StringComparer.Ordinal)], found.Count,
            [.. found.OrderByDescending(client => client.ConnectedAt).Take(limit)]));
    }

    private static Results<NoContent, ProblemHttpResult> End(
        string connectionId, ClaimsPrincipal user, IEnumerable<IConnectedClients> ways) =>
        ways.Any(way => way.Disconnect(user.Scope(), connectionId)) ? TypedResults.NoContent() : Problems.ClientNotFound();

    private static bool Has(ConnectedClient client, string? search) => search is null
        || ((string?[])[client.ClientId, client.DeviceId, client.Subject, client.Address, client.RequestId?.ToString()])
            .Any(text => text?.Contains(search, StringComparison.OrdinalIgnoreCase) == true);
}

/// <summary>Who is connected to this node.</summary>
/// <param name="Ways">By which ways clients come to it: <c>mqtt</c>, <c>hub</c>.</param>
/// <param name="Total">How many were found.</param>
/// <param name="Items">The newest of them.</param>
internal sealed record ClientPage(IReadOnlyList<string> Ways, int Total, IReadOnlyList<ConnectedClient> Items);

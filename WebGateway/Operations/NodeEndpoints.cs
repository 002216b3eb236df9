using System.Security.Claims;
using ArtMqtt.Live.Nodes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Operations;

/// <summary>Which nodes there are, and how they are doing, for those who run them.</summary>
internal static class NodeEndpoints
{
    public static void MapNodes(this IEndpointRouteBuilder app) => app.MapGet("/api/nodes", List)
        .WithTags("Operations").RequireAuthorization(Policies.Admin)
        .WithSummary("Which nodes there are")
        .WithDescription(
            "All that share this node's Redis; without one, this node alone. 'condition' is ready, degraded, unready (its 'checks' say "
            + "why), draining, missing (it said nothing for a while, and no goodbye), or unknown while Redis is away, when 'isComplete' is "
            + "false. For admins of all tenants.")
        .ProducesErrors(401, 403);

    private static async Task<Results<Ok<NodePage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, INodeList nodes, CancellationToken cancellationToken)
    {
        if (user.Scope().Tenant is not null)
        {
            return Problems.OfAllOnly();
        }

        var seen = await nodes.ListAsync(cancellationToken);
        return TypedResults.Ok(new NodePage(seen.IsComplete, [.. seen.Nodes.Select(NodeView.Of)]));
    }
}

/// <summary>The nodes there are.</summary>
/// <param name="IsComplete">False while Redis is away: others may have come and gone.</param>
/// <param name="Items">By name.</param>
internal sealed record NodePage(bool IsComplete, IReadOnlyList<NodeView> Items);

/// <summary>A node.</summary>
/// <param name="Id">Of this run of it.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsThis">Whether it is the one that answers.</param>
/// <param name="Condition">ready, degraded, unready, draining, missing or unknown.</param>
/// <param name="HeardSeconds">How long ago it said what follows.</param>
/// <param name="Roles">broker, ingest, gateway.</param>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">Since when, by its clock, UTC.</param>
/// <param name="Addresses">Where it listens.</param>
/// <param name="Checks">Health checks that are not healthy.</param>
/// <param name="Figures">mqttClients, hubClients, watches, spoolRecords, spoolBytes, as far as it has the roles.</param>
internal sealed record NodeView(
    string Id, string Name, bool IsThis, NodeCondition Condition, double HeardSeconds, IReadOnlyList<string> Roles, string Version,
    DateTimeOffset StartedAt, IReadOnlyList<string> Addresses, IReadOnlyList<NodeCheck> Checks, IReadOnlyDictionary<string, long> Figures)
{
    public static NodeView Of(SeenNode seen) => new(
        seen.Report.Id, seen.Report.Name, seen.IsThis, seen.Condition, Math.Round(seen.HeardFor.TotalSeconds, 1), seen.Report.Roles,
        seen.Report.Version, seen.Report.StartedAt, seen.Report.Addresses, seen.Report.Checks, seen.Report.Figures);
}

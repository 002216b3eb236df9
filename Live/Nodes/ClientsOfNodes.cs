using System.Text.Json;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Live.Nodes;

/// <summary>
/// Who is connected to any node. Asked when somebody wants to know, so that nobody keeps lists of what comes and goes; each node
/// answers with its newest.
/// </summary>
public sealed class ClientsOfNodes
{
    private readonly NodeClients _here;
    private readonly INodeLine _line;

    internal ClientsOfNodes(NodeClients here, INodeLine line) => (_here, _line) = (here, line);

    /// <summary>The newest of those that a search finds.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="search">Part of client id, device, subject, address or request; null for all.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ClientsFound> ListAsync(TenantScope scope, string? search, int limit, CancellationToken cancellationToken)
    {
        var others = await AskAsync(new ClientQuestion(scope.Tenant, search, limit, End: null), cancellationToken);
        FoundClients[] all = [_here.List(scope, search, limit), .. others.Answers.Select(PackedJson.Read<FoundClients>)];
        return new ClientsFound(
            [.. all.SelectMany(found => found.Ways).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            all.Sum(found => found.Total),
            [.. all.SelectMany(found => found.Items).OrderByDescending(client => client.ConnectedAt).Take(limit)],
            others.IsComplete, others.Silent);
    }

    /// <summary>Ends a connection, on whatever node it is.</summary>
    public async Task<ClientEnd> DisconnectAsync(TenantScope scope, string id, CancellationToken cancellationToken)
    {
        if (_here.Disconnect(scope, id))
        {
            return new ClientEnd(IsEnded: true, IsCertain: true, []);
        }

        var others = await AskAsync(new ClientQuestion(scope.Tenant, Search: null, Limit: 0, id), cancellationToken);
        return new ClientEnd(
            others.Answers.Any(answer => JsonSerializer.Deserialize<bool>(answer)), others is { IsComplete: true, Silent.Count: 0 }, others.Silent);
    }

    private Task<NodeAnswers> AskAsync(ClientQuestion question, CancellationToken cancellationToken) => _line.AskAsync(
        ClientAnswerer.Name, JsonSerializer.SerializeToUtf8Bytes(question, JsonSerializerOptions.Web), cancellationToken);
}

/// <summary>Clients of all nodes.</summary>
/// <param name="Ways">By which ways clients come to those that answered.</param>
/// <param name="Total">How many were found on them.</param>
/// <param name="Items">The newest of these.</param>
/// <param name="IsComplete">False while Redis is away: this node's only.</param>
/// <param name="Silent">Names of nodes that did not answer.</param>
public sealed record ClientsFound(
    IReadOnlyList<string> Ways, int Total, IReadOnlyList<ConnectedClient> Items, bool IsComplete, IReadOnlyList<string> Silent);

/// <summary>What came of ending a connection.</summary>
/// <param name="IsEnded">Whether there was one.</param>
/// <param name="IsCertain">Whether all nodes were asked, and answered.</param>
/// <param name="Silent">Names of those that did not answer.</param>
public sealed record ClientEnd(bool IsEnded, bool IsCertain, IReadOnlyList<string> Silent);

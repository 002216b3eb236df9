using ArtMqtt.Contracts.Clients;

namespace ArtMqtt.Live.Nodes;

/// <summary>Clients that were found on one node.</summary>
/// <param name="Ways">By which ways clients come to it.</param>
/// <param name="Total">How many were found.</param>
/// <param name="Items">The newest of them.</param>
internal sealed record FoundClients(IReadOnlyList<string> Ways, int Total, IReadOnlyList<ConnectedClient> Items);

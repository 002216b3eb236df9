namespace ArtMqtt.Contracts.Nodes;

/// <summary>What a node is, as it does not change while it runs.</summary>
/// <param name="Roles">What it does: broker, ingest, gateway.</param>
/// <param name="Addresses">Where it listens, for example <c>mqtt://10.0.0.7:1883</c>.</param>
public sealed record NodeDescription(IReadOnlyList<string> Roles, IReadOnlyList<string> Addresses);

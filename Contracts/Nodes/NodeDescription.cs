namespace ArtMqtt.Contracts.Nodes;

/// <summary>What a node is.</summary>
/// <param name="Roles">What it does: broker, ingest, gateway.</param>
/// <param name="Addresses">Where it listens, for example <c>mqtt://10.0.0.7:1883</c>.</param>
/// <param name="IsStopping">Says whether it is being stopped.</param>
public sealed record NodeDescription(IReadOnlyList<string> Roles, IReadOnlyList<string> Addresses, Func<bool> IsStopping);

namespace ArtMqtt.Live.Nodes;

/// <summary>What a node says of itself.</summary>
/// <param name="Id">Of this run of it.</param>
/// <param name="Name">Its name (<see cref="NodesOptions.Name"/>).</param>
/// <param name="Roles">What it does.</param>
/// <param name="Version">Of the program.</param>
/// <param name="StartedAt">Since when, UTC, by its clock.</param>
/// <param name="Addresses">Where it listens.</param>
/// <param name="Condition">How it is doing.</param>
/// <param name="Checks">Those that are not healthy.</param>
/// <param name="Figures">Its numbers, by name; which there are depends on its roles.</param>
public sealed record NodeReport(
    string Id, string Name, IReadOnlyList<string> Roles, string Version, DateTimeOffset StartedAt, IReadOnlyList<string> Addresses,
    NodeCondition Condition, IReadOnlyList<NodeCheck> Checks, IReadOnlyDictionary<string, long> Figures);

/// <summary>A health check that is not healthy.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">degraded or unhealthy.</param>
/// <param name="Description">Why, or null.</param>
public sealed record NodeCheck(string Name, string Status, string? Description);

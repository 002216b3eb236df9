namespace ArtMqtt.Contracts.Nodes;

/// <summary>A number that a part of a node has to tell those who look after several nodes.</summary>
/// <param name="Name">In camel case, for example <c>mqttClients</c>.</param>
/// <param name="Read">Its value now; called every few seconds, must return at once.</param>
public sealed record NodeFigure(string Name, Func<long> Read);

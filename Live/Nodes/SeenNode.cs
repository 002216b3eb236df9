namespace ArtMqtt.Live.Nodes;

/// <summary>A node, as far as this one knows.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="Condition">How it is doing.</param>
/// <param name="HeardFor">How long ago it said that.</param>
/// <param name="IsThis">Whether it is this one.</param>
public sealed record SeenNode(NodeReport Report, NodeCondition Condition, TimeSpan HeardFor, bool IsThis);

/// <summary>The nodes there are.</summary>
/// <param name="IsComplete">False while Redis is away: others may have come and gone.</param>
/// <param name="Nodes">By name.</param>
public sealed record SeenNodes(bool IsComplete, IReadOnlyList<SeenNode> Nodes);

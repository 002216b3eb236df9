using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Live.Nodes;

/// <summary>How a node is called, and how nodes hear of each other.</summary>
public sealed class NodesOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Node";

    /// <summary>Name of the node, different for each; empty: the machine's. The node sets a default with its data folder in it.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{0,64}")]
    public string Name { get; init; } = "";

    /// <summary>How often a node tells the others how it is doing. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After what time without a word, and without a goodbye, a node counts as missing. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:10:00")]
    public TimeSpan MissingAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a missing node is listed. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long other nodes have to answer a question, such as who is connected to them. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:15")]
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    internal static bool IsInOrder(NodesOptions options) =>
        options.HeartbeatInterval < options.MissingAfter && options.MissingAfter < options.ForgetAfter;
}

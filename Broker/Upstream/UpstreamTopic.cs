namespace ArtMqtt.Broker.Upstream;

/// <summary>A setting: what is subscribed to upstream, and what it stands for here.</summary>
public sealed class UpstreamTopic
{
    /// <summary>Topic filter, with <c>+</c> and <c>#</c>.</summary>
    public string Filter { get; set; } = "";

    /// <summary>
    /// Our topic of docs/wire-format.md; <c>{1}</c>, <c>{2}</c>… stand for what the filter's first, second… <c>+</c> matched.
    /// Empty: the same topic.
    /// </summary>
    public string Topic { get; set; } = "";
}

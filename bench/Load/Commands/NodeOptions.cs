using System.CommandLine;

namespace ArtMqtt.Load.Commands;

/// <summary>How to reach the node's REST API.</summary>
internal sealed class NodeOptions
{
    /// <summary>Address.</summary>
    public Option<Uri> Url { get; } = new("--node")
    {
        Description = "HTTP address of the node, on loopback.",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"),
    };

    /// <summary>Dispatcher's token.</summary>
    public Option<FileInfo> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the dispatcher's token (secrets/dispatcher-token in the node's data folder).",
        Required = true,
    };
}

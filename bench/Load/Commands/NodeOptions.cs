using System.CommandLine;
using System.CommandLine.Parsing;

namespace ArtMqtt.Load.Commands;

/// <summary>How to reach the node's REST API.</summary>
internal sealed class NodeOptions
{
    /// <summary>Address.</summary>
    public Option<Uri> Url { get; } = new("--node")
    {
        Description = "HTTP address of the node, on loopback.",
        CustomParser = ParseUrl,
        Required = true,
    };

    /// <summary>Dispatcher's token.</summary>
    public Option<FileInfo> TokenFile { get; } = new("--token-file")
    {
        Description = "File with the dispatcher's token (secrets/dispatcher-token in the node's data folder).",
        Required = true,
    };

    private static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
        {
            return url;
        }

        result.AddError("--node is an address such as http://127.0.0.1:8080.");
        return null;
    }
}

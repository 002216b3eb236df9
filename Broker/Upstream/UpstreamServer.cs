using System.Diagnostics.CodeAnalysis;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Where a server of the upstream broker is.</summary>
/// <param name="Uri">Scheme mqtt, mqtts, ws or wss, host, port; of WebSockets with their path.</param>
internal sealed record UpstreamServer(Uri Uri)
{
    /// <summary>What can be given.</summary>
    public const string Forms = "HOST[:PORT], mqtt://HOST[:PORT], mqtts://HOST[:PORT], ws://HOST[:PORT][/PATH] or wss://HOST[:PORT][/PATH]";

    private const string WebSocketPath = "/mqtt";

    private static readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal)
    {
        ["mqtt"] = 1883,
        ["mqtts"] = 8883,
        ["ws"] = 80,
        ["wss"] = 443,
    };

    /// <summary>Whether it is encrypted.</summary>
    public bool UsesTls => Uri.Scheme is "mqtts" or "wss";

    /// <summary>Whether it is a WebSocket.</summary>
    public bool IsWebSocket => Uri.Scheme is "ws" or "wss";

    /// <summary>Reads the text form. User names and passwords have settings of their own.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out UpstreamServer? server)
    {
        server = null;
        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"mqtt://{text}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || !_ports.TryGetValue(uri.Scheme, out var port)
            || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.Port == 0)
        {
            return false;
        }

        var isWebSocket = uri.Scheme is "ws" or "wss";
        if (!isWebSocket && uri.AbsolutePath is not ("" or "/"))
        {
            return false;
        }

        var path = !isWebSocket ? "" : uri.AbsolutePath is "" or "/" ? WebSocketPath : uri.AbsolutePath;
        server = new UpstreamServer(new Uri($"{uri.Scheme}://{uri.Host}:{(uri.Port < 0 ? port : uri.Port)}{path}"));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Uri.OriginalString;
}

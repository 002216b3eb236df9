using System.Globalization;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>One way to a server, as text: <c>scheme://host[:port]</c>, or <c>host[:port]</c> for MQTT over TCP.</summary>
/// <param name="Scheme">What is spoken there.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">TCP port.</param>
internal sealed record ServerEndpoint(ServerScheme Scheme, string Host, int Port)
{
    /// <summary>What can be given.</summary>
    public const string Forms =
        "HOST[:PORT], mqtt://, mqtts://, ws://, wss://, http:// or https://HOST[:PORT], or any://HOST for mqtts, wss and https";

    private const string WebSocketPath = "/mqtt";

    private static readonly (string Name, ServerScheme Scheme, int Port)[] _schemes =
    [
        ("mqtt", ServerScheme.Mqtt, 1883), ("mqtts", ServerScheme.Mqtts, 8883), ("ws", ServerScheme.Ws, 80),
        ("wss", ServerScheme.Wss, 443), ("http", ServerScheme.Http, 80), ("https", ServerScheme.Https, 443),
    ];

    /// <summary>Whether it is encrypted.</summary>
    public bool UsesTls => Scheme is ServerScheme.Mqtts or ServerScheme.Wss or ServerScheme.Https;

    /// <summary>Whether positions are posted instead of published.</summary>
    public bool IsHttp => Scheme is ServerScheme.Http or ServerScheme.Https;

    /// <summary>The address as others write it; of WebSockets with their path.</summary>
    public Uri Uri => new(
        $"{NameOf(Scheme)}://{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port.ToString(CultureInfo.InvariantCulture)}"
        + (Scheme is ServerScheme.Ws or ServerScheme.Wss ? WebSocketPath : ""));

    /// <summary>Reads the text form; <c>any://</c> stands for three.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="tls">Whether a bare host means TLS.</param>
    /// <param name="endpoints">In the order in which they are to be tried.</param>
    public static bool TryParse(string text, bool tls, out IReadOnlyList<ServerEndpoint> endpoints)
    {
        endpoints = [];
        var mark = text.IndexOf("://", StringComparison.Ordinal);
        var name = mark < 0 ? (tls ? "mqtts" : "mqtt") : text[..mark];
        var rest = mark < 0 ? text : text[(mark + 3)..];
        if (!TryParseHost(rest, out var host, out var port))
        {
            return false;
        }

        if (name == "any")
        {
            endpoints = [new(ServerScheme.Mqtts, host, 8883), new(ServerScheme.Wss, host, 443), new(ServerScheme.Https, host, 443)];
            return port is null;
        }

        var found = Array.Find(_schemes, s => s.Name == name);
        endpoints = found.Name is null ? [] : [new(found.Scheme, host, port ?? found.Port)];
        return endpoints.Count > 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Uri.OriginalString;

    private static string NameOf(ServerScheme scheme) => Array.Find(_schemes, s => s.Scheme == scheme).Name;

    private static bool TryParseHost(string text, out string host, out int? port)
    {
        (host, port) = (text.Trim('[', ']'), null);
        var colon = text.LastIndexOf(':');
        if (colon >= 0 && !text.EndsWith(']'))
        {
            host = text[..colon].Trim('[', ']');
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > 65535)
            {
                return false;
            }

            port = number;
        }

        return Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }
}

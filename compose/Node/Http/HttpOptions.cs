using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ArtMqtt.Node.Http;

/// <summary>Where the node listens for HTTP.</summary>
internal sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>IP address to listen on. Default loopback; <c>0.0.0.0</c> or <c>::</c> for all.</summary>
    [Required]
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port. Default 8080.</summary>
    [Range(1, 65_535)]
    public int Port { get; init; } = 8080;

    /// <summary>Most open HTTP connections, WebSockets included; beyond, new ones are closed. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>
    /// Networks of reverse proxies (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are
    /// believed. Default none.
    /// </summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    internal static bool HasAddress(HttpOptions options) => IPAddress.TryParse(options.Address, out _);

    internal static bool HasProxies(HttpOptions options) => options.TrustedProxies.All(p => IPNetwork.TryParse(p, out _));
}

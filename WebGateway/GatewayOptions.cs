namespace ArtMqtt.WebGateway;

/// <summary>Where the gateway is seen from, and its pages.</summary>
public sealed class GatewayOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Gateway";

    /// <summary>
    /// The site's address as customers see it, for links, e.g. <c>https://track.example.org</c>. Not set: the address
    /// of the call that creates the link.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Folder with the built pages. Default: <c>ui</c> beside the program.</summary>
    public string PagesFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "ui");

    internal static bool IsValid(GatewayOptions options) =>
        options.PublicUrl is null
        || (options.PublicUrl is { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "", Fragment: "" });
}

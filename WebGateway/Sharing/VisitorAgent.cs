namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// The kind of program that opened a link, from its User-Agent: enough to tell one phone of a family from another, too little to
/// follow somebody. No I/O.
/// </summary>
internal static class VisitorAgent
{
    private const string Other = "other";

    // In this order: Edge and Opera say Chrome as well, and everybody says Safari.
    private static readonly (string Mark, string Name)[] _programs =
    [
        ("bot", "bot"), ("facebookexternalhit", "bot"), ("WhatsApp", "bot"), ("Edg", "edge"), ("OPR/", "opera"),
        ("SamsungBrowser", "samsung"), ("Firefox", "firefox"), ("FxiOS", "firefox"), ("CriOS", "chrome"),
        ("Chrome", "chrome"), ("Safari", "safari"), ("curl", "curl"),
    ];

    private static readonly (string Mark, string Name)[] _systems =
    [
        ("Android", "android"), ("iPhone", "ios"), ("iPad", "ios"), ("Windows", "windows"), ("Mac OS", "macos"),
        ("Linux", "linux"),
    ];

    /// <summary>For example <c>chrome android</c>; <c>other</c> for what is not known.</summary>
    public static string Of(string userAgent)
    {
        var program = Find(_programs, userAgent);
        var system = Find(_systems, userAgent);
        return (program, system) switch
        {
            (null, null) => Other,
            (_, null) => program,
            _ => $"{program ?? Other} {system}",
        };
    }

    private static string? Find((string Mark, string Name)[] known, string text) => Array.Find(
        known, one => text.Contains(one.Mark, StringComparison.OrdinalIgnoreCase)).Name;
}

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>A size of screen.</summary>
internal sealed record Viewport(string Name, int Width, int Height, bool IsPhone)
{
    public static readonly Viewport Phone = new("phone", 390, 844, IsPhone: true);
    public static readonly Viewport Tablet = new("tablet", 820, 1180, IsPhone: false);
    public static readonly Viewport Desktop = new("desktop", 1280, 800, IsPhone: false);
}

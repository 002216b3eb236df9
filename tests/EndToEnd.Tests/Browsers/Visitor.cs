using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>Who visits a page.</summary>
/// <param name="Locale">Language and region of the browser.</param>
/// <param name="Permissions">What the browser was allowed, as <c>geolocation</c>; it refuses the rest without asking.</param>
/// <param name="Place">Where its device is.</param>
internal sealed record Visitor(
    string Locale = "en-US", IReadOnlyList<string>? Permissions = null, (float Latitude, float Longitude)? Place = null)
{
    /// <summary>A place as the browser is told it.</summary>
    public static Geolocation At(float latitude, float longitude) => new() { Latitude = latitude, Longitude = longitude, Accuracy = 12 };
}

using System.Text.Json;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>An area as GeoJSON geometry (RFC 7946).</summary>
/// <param name="Type"><c>Polygon</c> or <c>MultiPolygon</c>; over the date line as two polygons that meet there.</param>
/// <param name="Coordinates">
/// Rings of [longitude, latitude], the first of a polygon its edge, the others holes; at most 1,000 places in all.
/// </param>
internal sealed record AreaBody(string Type, JsonElement Coordinates)
{
    public const int MaxPlaces = 1_000;

    /// <summary>Reads the coordinates; null when they are none, or cross themselves.</summary>
    /// <param name="places">How many places there are, as far as they could be read.</param>
    public SearchArea? Read(out int places) => AreaReader.Read(Type, Coordinates, MaxPlaces, out places);
}

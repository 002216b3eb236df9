using System.Diagnostics.CodeAnalysis;
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
    public SearchArea? Read(out int places)
    {
        var count = 0;
        bool TryReadPlace(JsonElement place, out (double, double) value)
        {
            count++;
            return TryReadPair(place, out value);
        }

        bool TryReadRing(JsonElement ring, [NotNullWhen(true)] out List<(double, double)>? value) =>
            (value = ReadAll<(double, double)>(ring, TryReadPlace)) is not null;
        bool TryReadPolygon(JsonElement polygon, [NotNullWhen(true)] out List<List<(double, double)>>? value) =>
            (value = ReadAll<List<(double, double)>>(polygon, TryReadRing)) is not null;

        var polygons = Type == "MultiPolygon" ? ReadAll<List<List<(double, double)>>>(Coordinates, TryReadPolygon)
            : Type == "Polygon" && TryReadPolygon(Coordinates, out var polygon) ? [polygon]
            : null;
        places = count;
        return polygons is null || count > MaxPlaces ? null : SearchArea.Create(polygons);
    }

    private delegate bool TryRead<T>(JsonElement item, [NotNullWhen(true)] out T? value);

    private static List<T>? ReadAll<T>(JsonElement array, TryRead<T> read)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var items = new List<T>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (!read(item, out var value))
            {
                return null;
            }

            items.Add(value);
        }

        return items;
    }

    // A third number would be the altitude.
    private static bool TryReadPair(JsonElement place, out (double Longitude, double Latitude) value)
    {
        value = default;
        return place.ValueKind == JsonValueKind.Array && place.GetArrayLength() is 2 or 3
            && TryReadDegree(place[0], 180, out value.Longitude) && TryReadDegree(place[1], 90, out value.Latitude);
    }

    private static bool TryReadDegree(JsonElement value, double most, out double degree)
    {
        degree = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out degree)
            && degree >= -most && degree <= most;
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace ArtMqtt.Store.Routes;

/// <summary>Reads areas from GeoJSON geometry (RFC 7946): <c>Polygon</c> and <c>MultiPolygon</c>.</summary>
public static class AreaReader
{
    private delegate bool TryRead<T>(JsonElement item, [NotNullWhen(true)] out T? value);

    /// <summary>Reads the coordinates; null when they are none, cross themselves, or are too many.</summary>
    /// <param name="type"><c>Polygon</c> or <c>MultiPolygon</c>.</param>
    /// <param name="coordinates">Rings of [longitude, latitude], or several of these.</param>
    /// <param name="maxPlaces">Most places.</param>
    /// <param name="places">How many places there are, as far as they could be read.</param>
    public static SearchArea? Read(string type, JsonElement coordinates, int maxPlaces, out int places)
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

        var polygons = type == "MultiPolygon" ? ReadAll<List<List<(double, double)>>>(coordinates, TryReadPolygon)
            : type == "Polygon" && TryReadPolygon(coordinates, out var polygon) ? [polygon]
            : null;
        places = count;
        return polygons is null || count > maxPlaces ? null : SearchArea.Create(polygons);
    }

    /// <summary>Reads one place: [longitude, latitude]. A third number would be the altitude.</summary>
    public static bool TryReadPair(JsonElement place, out (double Longitude, double Latitude) value)
    {
        value = default;
        return place.ValueKind == JsonValueKind.Array && place.GetArrayLength() is 2 or 3
            && TryReadDegree(place[0], 180, out value.Longitude) && TryReadDegree(place[1], 90, out value.Latitude);
    }

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

    private static bool TryReadDegree(JsonElement value, double most, out double degree)
    {
        degree = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out degree)
            && degree >= -most && degree <= most;
    }
}

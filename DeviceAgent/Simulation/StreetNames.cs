namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>Names for generated streets: made up, and the same for the same number.</summary>
internal static class StreetNames
{
    private static readonly string[] _words =
    [
        "Alder", "Ash", "Aspen", "Beech", "Birch", "Cedar", "Cherry", "Chestnut", "Cypress", "Elder", "Elm", "Fir",
        "Hazel", "Hawthorn", "Hemlock", "Hornbeam", "Juniper", "Larch", "Laurel", "Lime", "Linden", "Maple", "Myrtle",
        "Oak", "Olive", "Pine", "Plane", "Poplar", "Rowan", "Spruce", "Sycamore", "Walnut", "Willow", "Yew",
    ];

    /// <summary>The name of a street that runs north (<c>Avenue</c>) or east (<c>Street</c>).</summary>
    public static string Of(int number, bool runsNorth, StreetClass streetClass)
    {
        // 7 shares no factor with 34: neighbours get unlike words, and none comes twice within a direction.
        var word = _words[(((number * 7) % _words.Length) + _words.Length) % _words.Length];
        var round = Math.Abs(number) / _words.Length;
        var kind = streetClass == StreetClass.Main ? "Road" : runsNorth ? "Avenue" : "Street";
        return round == 0 ? $"{word} {kind}" : $"{word} {kind} {round + 1}";
    }
}

namespace ArtMqtt.Contracts.OwnTracks;

/// <summary>
/// The topics of OwnTracks apps, <c>owntracks/{user}/{device}</c> and one level below: the only place that spells them.
/// </summary>
public static class OwnTracksTopics
{
    /// <summary>Longest name of a phone, in characters.</summary>
    public const int MaxDeviceName = 64;

    private const string Root = "owntracks/";

    // What the server may send to an app; everything else is for the app to publish.
    private const string Commands = "cmd";

    /// <summary>Whether a topic or filter is one of OwnTracks.</summary>
    public static bool Owns(ReadOnlySpan<char> topic) => topic.StartsWith(Root, StringComparison.Ordinal);

    /// <summary>Where an app publishes its locations.</summary>
    public static string Location(string user, string device) => $"{Root}{user}/{device}";

    /// <summary>Whether it can name a phone in a topic: 1 to 64 characters, no level separator, wildcard or control.</summary>
    public static bool IsDeviceName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (c is '/' or '+' or '#' || char.IsControl(c))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= MaxDeviceName;
    }

    /// <summary>Reads a topic that an app publishes to; false for those that only the server may.</summary>
    /// <param name="topic">A topic without wildcards.</param>
    /// <param name="user">Our device id.</param>
    public static bool TryParsePublish(ReadOnlySpan<char> topic, out string user)
    {
        if (!TryParseUser(topic, out user, out var rest))
        {
            return false;
        }

        var end = rest.IndexOf('/');
        var device = end < 0 ? rest : rest[..end];
        var below = end < 0 ? "x" : rest[(end + 1)..];
        return IsDeviceName(device) && below is not ("" or Commands) && !below.Contains('/');
    }

    /// <summary>Reads whose a topic or topic filter is.</summary>
    /// <param name="topic">A topic or topic filter.</param>
    /// <param name="user">Our device id.</param>
    /// <param name="rest">What follows <c>owntracks/{user}/</c>; not empty.</param>
    public static bool TryParseUser(ReadOnlySpan<char> topic, out string user, out ReadOnlySpan<char> rest)
    {
        user = "";
        rest = default;
        if (!Owns(topic))
        {
            return false;
        }

        var body = topic[Root.Length..];
        var end = body.IndexOf('/');
        if (end <= 0 || end == body.Length - 1 || !DeviceIds.IsValid(body[..end]))
        {
            return false;
        }

        user = body[..end].ToString();
        rest = body[(end + 1)..];
        return true;
    }
}

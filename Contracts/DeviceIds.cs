using System.Buffers;

namespace ArtMqtt.Contracts;

/// <summary>The form of a device id: 1 to 64 of <c>a-z 0-9 . _ -</c>, so that it is a topic level and a file name.</summary>
public static class DeviceIds
{
    /// <summary>Longest device id, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly SearchValues<char> _allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether the text is a device id.</summary>
    public static bool IsValid(ReadOnlySpan<char> deviceId) =>
        deviceId.Length is > 0 and <= MaxLength && deviceId[0] != '.' && !deviceId.ContainsAnyExcept(_allowed);
}

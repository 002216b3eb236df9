using System.Net.Sockets;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>Tells failures of cables and networks from mistakes.</summary>
internal static class InputFailure
{
    /// <summary>Whether an exception means that the receiver is gone, and may come back.</summary>
    // A port that was pulled out closes itself: InvalidOperationException.
    public static bool Is(Exception e) => e is IOException or SocketException or UnauthorizedAccessException
        or TimeoutException or InvalidOperationException;
}

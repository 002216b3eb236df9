namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>One location event as a page received it.</summary>
/// <param name="Connection">Which WebSocket of the page, from 1.</param>
/// <param name="Epoch">Incarnation of the live stream.</param>
/// <param name="Sequence">Its number in the stream.</param>
/// <param name="Time">Fix time, ms since 1970.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal sealed record LiveLocation(
    int Connection, string Epoch, long Sequence, long Time, double Latitude, double Longitude);

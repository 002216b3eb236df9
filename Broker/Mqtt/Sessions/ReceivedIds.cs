using ArtMqtt.Broker.Intake;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>
/// Quality 2 publishes from a client between PUBLISH and PUBREL: one that is sent again is not taken again. Not
/// thread-safe.
/// </summary>
internal sealed class ReceivedIds
{
    private readonly Dictionary<ushort, Task<IntakeResult>> _ids = [];

    /// <summary>How many there are.</summary>
    public int Count => _ids.Count;

    /// <summary>
    /// Packet identifiers of those that were taken in. Others are not known after a crash: they have to come again.
    /// </summary>
    public IEnumerable<ushort> Safe => _ids.Where(pair => IsSafe(pair.Value)).Select(pair => pair.Key);

    /// <summary>What became, or becomes, of the publish with that identifier; null when it is new.</summary>
    public Task<IntakeResult>? Find(ushort packetId) => _ids.GetValueOrDefault(packetId);

    /// <summary>Notes a publish.</summary>
    public void Add(ushort packetId, Task<IntakeResult> result) => _ids[packetId] = result;

    /// <summary>Forgets one; false when there was none.</summary>
    public bool Remove(ushort packetId) => _ids.Remove(packetId);

    private static bool IsSafe(Task<IntakeResult> taking) =>
        taking is { IsCompletedSuccessfully: true, Result.Code: not IntakeCode.Unavailable };
}

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>What the store has to do about one session.</summary>
/// <param name="Key">Which.</param>
/// <param name="IsOver">It is not kept any more.</param>
/// <param name="State">What it is now; null when that has not changed, only its messages.</param>
/// <param name="Messages">Messages that are new or have changed.</param>
/// <param name="Done">Sequence numbers of messages that are done.</param>
/// <param name="IsWhole">Whether <paramref name="Messages"/> are all there are: others are forgotten.</param>
internal sealed record SessionChanges(
    string Key, bool IsOver, SessionState? State, IReadOnlyList<StoredMessage> Messages, IReadOnlyList<long> Done,
    bool IsWhole);

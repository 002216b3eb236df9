namespace ArtMqtt.Spool.Commit;

/// <summary>Where groups are made durable. Called by one thread at a time.</summary>
internal interface IGroupLog
{
    /// <summary>Bytes that are stored and not acknowledged. May be read by any thread.</summary>
    long WaitingBytes { get; }

    /// <summary>Makes the group durable.</summary>
    /// <returns>Number of its first record.</returns>
    /// <exception cref="IOException">It is not durable. The next call starts afresh.</exception>
    long Append(AppendGroup group);

    /// <summary>After a failure: tries whether a group could be stored now.</summary>
    /// <exception cref="IOException">Not yet.</exception>
    void Probe();
}

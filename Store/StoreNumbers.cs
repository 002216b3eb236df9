namespace ArtMqtt.Store;

/// <summary>How large the database is, and what is in it.</summary>
/// <param name="Bytes">Size on disk.</param>
/// <param name="Chunks">Parts of hypertables.</param>
/// <param name="DeadLetters">Payloads that could not become positions.</param>
/// <param name="ChangeFeedBytes">What row changes were not read yet by the slowest replication slot; 0 without one: nobody waits for any.</param>
public sealed record StoreNumbers(long Bytes, long Chunks, long DeadLetters, long ChangeFeedBytes);

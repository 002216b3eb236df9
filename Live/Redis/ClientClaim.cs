namespace ArtMqtt.Live.Redis;

/// <summary>A client that is connected to this node.</summary>
internal sealed class ClientClaim(ClientClaims claims, string client, Action taken) : IDisposable
{
    private long _rank;

    public string Client => client;

    /// <summary>Later claims have higher ranks; 0 before Redis has answered.</summary>
    public long Rank
    {
        get => Interlocked.Read(ref _rank);
        set => Interlocked.Exchange(ref _rank, value);
    }

    /// <summary>Whether its connection has ended.</summary>
    public bool IsOver { get; private set; }

    /// <summary>
    /// Redis is being asked for it, as long as this has not ended. One at a time: a later answer would give back what was let go of
    /// for an earlier one, and take it from who has it now.
    /// </summary>
    public Task Asking { get; set; } = Task.CompletedTask;

    /// <summary>Another node has it.</summary>
    public void Taken() => taken();

    /// <inheritdoc/>
    public void Dispose()
    {
        IsOver = true;
        claims.Leave(this);
    }
}

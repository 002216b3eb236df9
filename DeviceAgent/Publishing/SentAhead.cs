namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// Which records of the spool were sent out of their order, because they were the newest while others waited. Lost with
/// the process: they are then sent once more.
/// </summary>
internal sealed class SentAhead
{
    private readonly Dictionary<long, Task<PublishVerdict>> _sent = [];
    private NewestRecord? _newest;

    private sealed record NewestRecord(long Number, byte[] Record);

    /// <summary>A record was kept. May be called while others are sent.</summary>
    public void Offer(long number, byte[] record) => Volatile.Write(ref _newest, new NewestRecord(number, record));

    /// <summary>The newest record, unless it is to come in its order anyhow or was taken before.</summary>
    /// <param name="behind">Number of the last record that goes in its order.</param>
    /// <param name="number">Number of the newest record.</param>
    /// <param name="record">Its bytes.</param>
    public bool TryTake(long behind, out long number, out byte[] record)
    {
        var newest = Interlocked.Exchange(ref _newest, null);
        (number, record) = (newest?.Number ?? 0, newest?.Record ?? []);
        return number > behind && !_sent.ContainsKey(number);
    }

    /// <summary>A record is on its way.</summary>
    public void Add(long number, Task<PublishVerdict> verdict) => _sent[number] = verdict;

    /// <summary>A connection begins: what the last one did not deliver goes in its order.</summary>
    public void Begin()
    {
        foreach (var number in _sent.Where(s => !IsDone(s.Value)).Select(s => s.Key).ToList())
        {
            _sent.Remove(number);
        }
    }

    /// <summary>Whether a record need not be sent again; it is forgotten then, and its verdict handed over.</summary>
    public bool Covers(long number, List<Task<PublishVerdict>> verdicts)
    {
        if (!_sent.Remove(number, out var verdict) || (verdict.IsCompleted && !IsDone(verdict)))
        {
            return false;
        }

        verdicts.Add(verdict);
        return true;
    }

    private static bool IsDone(Task<PublishVerdict> verdict) =>
        verdict is { IsCompletedSuccessfully: true, Result: not PublishVerdict.Retry };
}

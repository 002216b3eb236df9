namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>
/// What the store does not know yet about the messages of a session. A message that came and went between two looks
/// leaves nothing behind. Not thread-safe.
/// </summary>
internal sealed class OutgoingChanges
{
    private readonly HashSet<QueuedMessage> _touched = [];
    private readonly List<long> _removed = [];

    /// <summary>Whether changes are noted; only for sessions that outlive their connection.</summary>
    public bool IsKept { get; set; }

    /// <summary>A message is new or has changed.</summary>
    public void Touch(QueuedMessage queued)
    {
        if (IsKept)
        {
            _touched.Add(queued);
        }
    }

    /// <summary>A message is done.</summary>
    public void Remove(QueuedMessage queued)
    {
        _touched.Remove(queued);
        if (queued.IsStored)
        {
            _removed.Add(queued.Sequence);
        }
    }

    /// <summary>Takes what has changed, and counts it as stored.</summary>
    public (List<QueuedMessage> Touched, List<long> Removed) Take()
    {
        List<QueuedMessage> touched = [.. _touched.OrderBy(q => q.Sequence)];
        touched.ForEach(q => q.IsStored = true);
        List<long> removed = [.. _removed];
        _touched.Clear();
        _removed.Clear();
        return (touched, removed);
    }
}

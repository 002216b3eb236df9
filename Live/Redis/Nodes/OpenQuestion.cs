namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>A question that other nodes are answering.</summary>
internal sealed class OpenQuestion
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]> _answers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _waiting;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OpenQuestion(IEnumerable<string> asked)
    {
        Asked = [.. asked];
        _waiting = new HashSet<string>(Asked, StringComparer.Ordinal);
        if (_waiting.Count == 0)
        {
            _answered.SetResult();
        }
    }

    /// <summary>Ids of the nodes.</summary>
    public IReadOnlyList<string> Asked { get; }

    /// <summary>What came until now, by the id of the node.</summary>
    public IReadOnlyDictionary<string, byte[]> Answers
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, byte[]>(_answers, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>An answer has come.</summary>
    public void Take(string from, byte[] answer)
    {
        lock (_gate)
        {
            if (_waiting.Remove(from))
            {
                _answers[from] = answer;
                if (_waiting.Count == 0)
                {
                    _answered.TrySetResult();
                }
            }
        }
    }

    /// <summary>Waits until all have answered, or for the time.</summary>
    public async Task WhenAnsweredAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await _answered.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}

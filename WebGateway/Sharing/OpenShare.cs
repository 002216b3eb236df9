using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// One connection, stream or waiting poll that was opened with a shared link. When the share ends, whoever watches is told
/// at once, and half a second later, read or not, it is closed.
/// </summary>
internal sealed class OpenShare : IDisposable
{
    private static readonly TimeSpan _lastWords = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing;
    private readonly Action<OpenShare> _left;
    private readonly Action _opened;
    private Action<ShareEnd>? _whenEnded;
    private ShareEnd? _end;
    private bool _isDisposed;
    private int _doubts;
    private int _settled;

    public OpenShare(ShareRecord share, TimeProvider time, Action<OpenShare> left, Action opened)
    {
        (Share, _left, _opened) = (share, left, opened);
        _closing = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Closing = _closing.Token;
    }

    public ShareRecord Share { get; }

    /// <summary>Cancelled when it has to be closed.</summary>
    public CancellationToken Closing { get; }

    /// <summary>Why it ended; null while it goes on.</summary>
    public ShareEnd? Ended
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Whether its request was seen running: only then its absence means that it is over.</summary>
    public bool HasSeenRequest { get; set; }

    /// <summary>Whether its phase was found over before.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>How often it was doubted that the share is still valid.</summary>
    public int Doubts => Volatile.Read(ref _doubts);

    /// <summary>Whether the store has to be asked.</summary>
    public bool IsDoubtful => Doubts != Volatile.Read(ref _settled);

    /// <summary>Somebody watches, from the beginning.</summary>
    public void Opened() => _opened();

    /// <summary>The share may have been revoked.</summary>
    public void Doubt() => Interlocked.Increment(ref _doubts);

    /// <summary>So many doubts were answered: it is not.</summary>
    public void Settle(int doubts) => Volatile.Write(ref _settled, doubts);

    /// <summary>Calls back once when it ends, at once when it has.</summary>
    public void WhenEnded(Action<ShareEnd> action)
    {
        ShareEnd? end;
        lock (_gate)
        {
            end = _end;
            if (end is null)
            {
                _whenEnded += action;
            }
        }

        if (end is { } known)
        {
            action(known);
        }
    }

    /// <summary>Calls back no more.</summary>
    public void Forget(Action<ShareEnd> action)
    {
        lock (_gate)
        {
            _whenEnded -= action;
        }
    }

    /// <summary>Ends it; later ends change nothing.</summary>
    public void End(ShareEnd end)
    {
        Action<ShareEnd>? told;
        lock (_gate)
        {
            if (_end is not null || _isDisposed)
            {
                return;
            }

            _end = end;
            told = _whenEnded;
            _closing.CancelAfter(_lastWords);
        }

        told?.Invoke(end);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _left(this);
        _closing.Dispose();
    }
}

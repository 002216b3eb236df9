namespace ArtMqtt.Ingest;

/// <summary>
/// Most positions or dead letters in one write, learned from the database: half of what was too much for it, then slowly more again.
/// Unlimited until a write is too much. Thread-safe.
/// </summary>
internal sealed class WriteLimit
{
    // A sixteenth more with each write: a limit of the server is met again only now and then, and after a lock that
    // brought it down to one it is at 50,000 in 150 writes.
    private const int Share = 16;

    private readonly Lock _lock = new();
    private int _rows = int.MaxValue;

    /// <summary>The limit at this moment, at least 1.</summary>
    public int Rows
    {
        get
        {
            lock (_lock)
            {
                return _rows;
            }
        }
    }

    /// <summary>A write of so many succeeded.</summary>
    public void Fits(int count)
    {
        lock (_lock)
        {
            if (count >= _rows)
            {
                _rows += Math.Min(Math.Max(1, _rows / Share), int.MaxValue - _rows);
            }
        }
    }

    /// <summary>A write of so many was too much.</summary>
    public void TooMuch(int count)
    {
        lock (_lock)
        {
            _rows = Math.Min(_rows, Math.Max(1, count / 2));
        }
    }
}

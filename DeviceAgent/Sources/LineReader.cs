using System.Text;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>What a reader of lines found.</summary>
internal enum LineState
{
    /// <summary>There may be lines to take.</summary>
    Filled,

    /// <summary>Nothing came for a while.</summary>
    Paused,

    /// <summary>Nothing will come any more.</summary>
    Ended,
}

/// <summary>
/// Lines of a stream that may hold anything: bytes as Latin-1, ends at CR or LF, never longer than a limit (longer ones
/// come in pieces). Empty lines are passed over.
/// </summary>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private readonly byte[] _buffer = new byte[1 << 14];
    private readonly StringBuilder _line = new(256);
    private Task<int>? _reading;
    private int _count;
    private int _next;

    /// <summary>Waits for bytes; to be called when there is no line to take.</summary>
    /// <param name="pause">Longest wait before <see cref="LineState.Paused"/>; null: for ever.</param>
    /// <param name="time">Measures the pause.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<LineState> FillAsync(TimeSpan? pause, TimeProvider time, CancellationToken cancellationToken)
    {
        _reading ??= stream.ReadAsync(_buffer, cancellationToken).AsTask();
        if (pause is { } limit && !_reading.IsCompleted)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var waited = await Task.WhenAny(_reading, Task.Delay(limit, time, stop.Token));
            await stop.CancelAsync();
            if (waited != _reading)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return LineState.Paused;
            }
        }

        // Standard input knows no end of patience.
        (_count, _next) = (await _reading.WaitAsync(cancellationToken), 0);
        _reading = null;
        return _count > 0 ? LineState.Filled : LineState.Ended;
    }

    /// <summary>The next whole line of what has come.</summary>
    public bool TryTake(out string line)
    {
        while (_next < _count)
        {
            var value = _buffer[_next++];
            var isEnd = value is (byte)'\r' or (byte)'\n';
            if (!isEnd)
            {
                _line.Append((char)value);
            }

            if (_line.Length == maxLength || (isEnd && _line.Length > 0))
            {
                return TryTakeRest(out line);
            }
        }

        line = "";
        return false;
    }

    /// <summary>What is left behind the last end of line.</summary>
    public bool TryTakeRest(out string line)
    {
        line = _line.ToString();
        _line.Clear();
        return line.Length > 0;
    }
}

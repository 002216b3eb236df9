namespace ArtMqtt.Broker;

/// <summary>Lets one log line through per period and counts the others.</summary>
/// <param name="period">Shortest time between two lines.</param>
/// <param name="time">Clock.</param>
internal sealed class LogLimiter(TimeSpan period, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _last;
    private long _hidden;

    /// <summary>Whether to write a line now.</summary>
    /// <param name="hidden">How many were held back since the last one.</param>
    public bool MayLog(out long hidden)
    {
        lock (_gate)
        {
            hidden = _hidden;
            if (_last is { } last && time.GetElapsedTime(last) < period)
            {
                _hidden++;
                return false;
            }

            _last = time.GetTimestamp();
            _hidden = 0;
            return true;
        }
    }
}

namespace ArtMqtt.WebGateway.Eta;

/// <summary>Leaves a server alone for a while after it failed several times in a row; then one call tries again.</summary>
/// <param name="maxFailures">In a row.</param>
/// <param name="pause">How long it is left alone.</param>
/// <param name="time">Clock.</param>
internal sealed class Circuit(int maxFailures, TimeSpan pause, TimeProvider time)
{
    private readonly Lock _gate = new();
    private int _failures;
    private long _closedUntil;

    /// <summary>Whether to call now.</summary>
    public bool MayCall()
    {
        lock (_gate)
        {
            if (_failures < maxFailures)
            {
                return true;
            }

            if (time.GetTimestamp() < _closedUntil)
            {
                return false;
            }

            // The others wait for how this one goes.
            Close();
            return true;
        }
    }

    /// <summary>Tells how a call went.</summary>
    public void Report(bool isSuccess)
    {
        lock (_gate)
        {
            _failures = isSuccess ? 0 : _failures + 1;
            if (_failures >= maxFailures)
            {
                Close();
            }
        }
    }

    private void Close() => _closedUntil = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
}

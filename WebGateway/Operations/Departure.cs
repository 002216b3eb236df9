namespace ArtMqtt.WebGateway.Operations;

/// <summary>One thing that is kept open, until it ends or is asked to.</summary>
internal sealed class Departure(Departures all) : IDisposable
{
    private readonly CancellationTokenSource _asked = new();

    /// <summary>Cancelled when it is to end.</summary>
    public CancellationToken Asked => _asked.Token;

    /// <summary>Asks it to end.</summary>
    public void Ask()
    {
        all.Remove(this);
        try
        {
            _asked.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        all.Remove(this);
        _asked.Dispose();
    }
}

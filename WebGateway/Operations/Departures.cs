using System.Collections.Concurrent;
using ArtMqtt.Contracts.Clients;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.WebGateway.Operations;

/// <summary>
/// What is kept open for others on this node: hub and realtime connections, event streams, polls that wait. All of it ends when
/// the node stops, or one by one before, while it is drained.
/// </summary>
internal sealed class Departures : IMovableClients, IDisposable
{
    private readonly ConcurrentDictionary<Departure, bool> _open = [];
    private readonly CancellationTokenRegistration _stopping;
    private volatile bool _isOver;

    public Departures(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping.Register(End);

    /// <inheritdoc/>
    public int Count => _open.Count;

    /// <summary>Something is opened; disposed when it has ended.</summary>
    public Departure Enter()
    {
        var departure = new Departure(this);
        _open[departure] = true;
        if (_isOver)
        {
            departure.Ask();
        }

        return departure;
    }

    /// <inheritdoc/>
    public void SendAway(int count)
    {
        foreach (var (departure, _) in _open.Take(count).ToList())
        {
            departure.Ask();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <summary>It is not to be asked (again).</summary>
    internal void Remove(Departure departure) => _open.TryRemove(departure, out _);

    private void End()
    {
        _isOver = true;
        SendAway(int.MaxValue);
    }
}

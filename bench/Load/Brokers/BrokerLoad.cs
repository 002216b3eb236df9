using System.Diagnostics;
using System.Net;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Brokers;

/// <summary>The connections of one measurement, on one loop; all end with it.</summary>
internal sealed class BrokerLoad(IPEndPoint server, string prefix) : IDisposable
{
    private const int ConnectsAtOnce = 64;
    private const int AwayAtOnce = 1_000;
    private const int ConnectionsPerSource = 20_000;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    private readonly EpollLoop _loop = new();
    private readonly List<BrokerClient> _clients = [];
    private int _polls;

    public BrokerTally Tally { get; } = new();

    /// <summary>Connects clients subscribed to a filter each; returns when all are.</summary>
    public List<BrokerClient> Subscribe(int count, Func<int, string> filter, byte qos) =>
        Open(count, i => BrokerClient.Subscriber(_loop, Socket(), Tally, $"{prefix}-{_clients.Count}", filter(i), qos));

    /// <summary>Leaves sessions behind that are subscribed to a filter each, without connections.</summary>
    public void LeaveSessions(int count, Func<int, string> filter)
    {
        for (var left = 0; left < count; left += AwayAtOnce)
        {
            var first = left;
            var away = Open(Math.Min(AwayAtOnce, count - left), i => BrokerClient.Subscriber(
                _loop, Socket(), Tally, $"{prefix}-away-{first + i}", filter(first + i), 0, isClean: false));
            away.ForEach(client => client.Send(MqttPackets.Disconnect));
            away.ForEach(client => client.Dispose());
            _clients.RemoveRange(_clients.Count - away.Count, away.Count);
        }
    }

    /// <summary>Connects clients that publish to a topic each; returns when all are accepted.</summary>
    public List<BrokerClient> Publishers(int count, Func<int, string> topic, int qos) =>
        Open(count, i => BrokerClient.Publisher(_loop, Socket(), Tally, $"{prefix}-{_clients.Count}", topic(i), qos));

    /// <summary>Works until the time is over; <paramref name="feed"/> runs before each look at the sockets.</summary>
    public void Run(TimeSpan time, Action feed)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            feed();
            Poll(1);
        }
    }

    /// <summary>Works until the condition holds.</summary>
    public void Until(Func<bool> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Poll(20);
            if (Stopwatch.GetElapsedTime(started) > _patience)
            {
                throw new TimeoutException($"The broker did not answer within {_patience}.");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Send(MqttPackets.Disconnect);
            client.Dispose();
        }

        _loop.Dispose();
    }

    private void Poll(int timeoutMs)
    {
        _loop.Poll(timeoutMs);
        // Looking at ten thousand connections each time would be most of the work.
        if (_polls++ % 256 == 0 && _clients.Find(c => c.Ended is not null) is { } ended)
        {
            throw new InvalidOperationException($"A connection ended: {ended.Ended}.");
        }
    }

    // Addresses above 127.0.0.1 are free on every machine with Linux.
    private System.Net.Sockets.Socket Socket() => Loopback.Connect(
        server, new IPAddress([127, 0, 0, (byte)(2 + (_clients.Count / ConnectionsPerSource))]));

    private List<BrokerClient> Open(int count, Func<int, BrokerClient> open)
    {
        var opened = new List<BrokerClient>(count);
        var ready = 0;
        for (var i = 0; i < count; i++)
        {
            var client = open(i);
            _clients.Add(client);
            opened.Add(client);
            while (opened.Count - ready >= ConnectsAtOnce)
            {
                Advance();
            }
        }

        var started = Stopwatch.GetTimestamp();
        while (ready < count)
        {
            Advance();
            if (Stopwatch.GetElapsedTime(started) > _patience)
            {
                throw new TimeoutException($"Not all connections were accepted within {_patience}.");
            }
        }

        return opened;

        void Advance()
        {
            _loop.Poll(20);
            while (ready < opened.Count && opened[ready].IsReady)
            {
                ready++;
            }

            if (ready < opened.Count && opened[ready].Ended is { } why)
            {
                throw new InvalidOperationException($"Could not connect: {why}.");
            }
        }
    }
}

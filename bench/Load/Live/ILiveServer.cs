using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>A server whose watchers are measured: how to watch it, and how positions get in.</summary>
internal interface ILiveServer
{
    /// <summary>Prepares so many requests and connects their operators.</summary>
    Task PrepareAsync(EpollLoop loop, int requests, CancellationToken cancellationToken);

    /// <summary>Whether all operators are connected.</summary>
    bool IsPrepared { get; }

    /// <summary>Starts to connect a watcher of this request.</summary>
    WebSocketClient Watch(EpollLoop loop, LiveTally tally, int request);

    /// <summary>Publishes a position of this request's operator, stamped with now.</summary>
    void Publish(int request);
}

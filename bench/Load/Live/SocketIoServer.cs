using System.Net;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>socket.io's server: one socket publishes to each room, as the operator's app would.</summary>
internal sealed class SocketIoServer(IPEndPoint address) : ILiveServer
{
    // Positions that come back to their publishers' room are none of the watchers'.
    private readonly LiveTally _publishers = new();
    private readonly List<SocketIoClient> _operators = [];

    /// <inheritdoc/>
    public bool IsPrepared => _operators.TrueForAll(o => o.IsReady);

    /// <inheritdoc/>
    public Task PrepareAsync(EpollLoop loop, int requests, CancellationToken cancellationToken)
    {
        for (var i = 0; i < requests; i++)
        {
            _operators.Add(new SocketIoClient(loop, Loopback.Connect(address), _publishers, IdOf(i)));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public WebSocketClient Watch(EpollLoop loop, LiveTally tally, int request) =>
        new SocketIoClient(loop, Loopback.Connect(address), tally, IdOf(request));

    /// <inheritdoc/>
    public void Publish(int request) => _operators[request].Publish(
        LiveStamp.LatitudeOf(LiveStamp.Now()), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    // As long as a node's.
    private static string IdOf(int request) => $"00000000-0000-0000-0000-{request:D12}";
}
